package io.millrace.ring;

import io.millrace.thread.CorePinning;
import io.millrace.thread.StageThreadFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread's loop: polls all its stages, and waits as its wait strategy says only when none had work. The first thing
 * that is thrown ends it and is the pipeline's fault.
 */
final class StageThread implements Runnable {
    /** An array: iterating over a list makes an iterator for each duty cycle. */
    private final Stage[] stages;

    private final WaitStrategy wait;
    private final int[] cores;
    private final Consumer<Fault> onFault;
    private final StageProbe.ThreadTime time = new StageProbe.ThreadTime();
    private volatile boolean isRunning = true;
    private volatile @Nullable Thread thread;
    private Stage current;
    private Runnable before = () -> {};
    private Runnable afterwards = () -> {};

    StageThread(List<Stage> stages, WaitStrategy wait, int[] cores, Consumer<Fault> onFault) {
        this.stages = stages.toArray(new Stage[0]);
        this.wait = wait;
        this.cores = cores;
        this.onFault = onFault;
        this.current = stages.get(0);
        stages.forEach(stage -> stage.probe().share(time));
    }

    String name() {
        return String.join("+", stages().stream().map(Stage::name).toList()).toLowerCase(Locale.ROOT);
    }

    WaitStrategy waitStrategy() {
        return wait;
    }

    List<Stage> stages() {
        return List.of(stages);
    }

    boolean runs(@Nullable Stage stage) {
        return stage != null && stages().contains(stage);
    }

    /** {@return whether it runs stages of the chain, not a loop of the chain's user} */
    boolean hasStageOfChain() {
        return !(stages[0] instanceof LoopStage);
    }

    /**
     * What the thread does after its last stage has started and before it polls; {@code after} is called come what may.
     */
    void before(Runnable first, Runnable after) {
        before = first;
        afterwards = after;
    }

    /** Starts the thread. */
    void start(StageThreadFactory factory) {
        Thread made = factory.newThread(name(), this);
        thread = made;
        made.start();
    }

    /** {@return the thread, null before {@link #start}} */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** Ends the loop after the duty cycle under way; any thread. */
    void stop() {
        isRunning = false;
        wait.signal();
    }

    @Override
    public void run() {
        try {
            begin();
            while (isRunning) {
                dutyCycle();
            }
        } catch (Throwable t) {
            onFault.accept(new Fault(current.name(), current.sequence(), t));
        } finally {
            end();
        }
    }

    private void end() {
        for (Stage stage : stages) {
            try {
                stage.stop();
            } catch (Throwable t) {
                onFault.accept(new Fault(stage.name(), -1, t));
            }
        }
    }

    private void begin() {
        try {
            if (cores.length > 0) {
                CorePinning.pinCurrentThread(cores);
            }
            for (Stage stage : stages) {
                current = stage;
                stage.start();
            }
            before.run();
        } catch (Throwable t) {
            onFault.accept(new Fault(current.name(), current.sequence(), t));
            isRunning = false;
        } finally {
            afterwards.run();
        }
    }

    private void dutyCycle() {
        if (poll() > 0) {
            wait.onWork();
        } else {
            wait.idle();
        }
    }

    private int poll() {
        time.beginCycle();
        int work = 0;
        for (Stage stage : stages) {
            current = stage;
            work += stage.doWork();
        }
        return work;
    }
}
