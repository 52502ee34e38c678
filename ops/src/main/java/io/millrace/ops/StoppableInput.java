package io.millrace.ops;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An input that ends when it is told to, although a read of a pipe or a terminal cannot be called off: a daemon thread
 * reads blocks ahead, and the reader waits for a block no longer than it takes to see the stop. While it waits it says
 * so, for what else its thread has to do.
 */
final class StoppableInput extends InputStream {
    private static final int BLOCK_LENGTH = 1 << 16;
    private static final int BLOCKS_AHEAD_COUNT = 4;
    private static final long LOOK_INTERVAL_MS = 20;

    private final InputStream input;
    private final Watch watch;
    private final BlockingQueue<Block> blocks = new ArrayBlockingQueue<>(BLOCKS_AHEAD_COUNT);
    private Block block = new Block(new byte[0], null);
    private int offset;

    StoppableInput(InputStream input, Watch watch) {
        this.input = input;
        this.watch = watch;
        Thread reader = new Thread(this::readAhead, "input");
        reader.setDaemon(true);
        reader.start();
    }

    /** Who reads; called on the reader's thread. */
    interface Watch {
        /** {@return whether the input is to end} */
        boolean isStopping();

        /** Nothing came for a while. */
        void onIdle();
    }

    /** Bytes, none at the end of the input; or why there are none. */
    private record Block(byte[] bytes, @Nullable IOException failure) {
        boolean isLast() {
            return bytes.length == 0;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
        if (offset == block.bytes().length && !nextBlock()) {
            return -1;
        }
        int count = Math.min(length, block.bytes().length - offset);
        System.arraycopy(block.bytes(), offset, target, at, count);
        offset += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }

    private boolean nextBlock() throws IOException {
        Block next = null;
        while (next == null && !watch.isStopping()) {
            next = poll();
            if (next == null) {
                watch.onIdle();
            }
        }
        if (next == null) {
            return false;
        }
        if (next.failure() != null) {
            throw next.failure();
        }
        if (next.isLast()) {
            blocks.add(next);
            return false;
        }
        block = next;
        offset = 0;
        return true;
    }

    private @Nullable Block poll() throws IOException {
        try {
            return blocks.poll(LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for input", e);
        }
    }

    private void readAhead() {
        try {
            byte[] bytes = new byte[BLOCK_LENGTH];
            int count = input.read(bytes);
            while (count >= 0) {
                blocks.put(new Block(Arrays.copyOf(bytes, count), null));
                count = input.read(bytes);
            }
            blocks.put(new Block(new byte[0], null));
        } catch (IOException e) {
            fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(IOException failure) {
        try {
            blocks.put(new Block(new byte[0], failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
