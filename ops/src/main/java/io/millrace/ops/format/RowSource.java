package io.millrace.ops.format;

import java.io.IOException;
import java.util.List;

/** Cuts an input into rows of cells. */
interface RowSource {
    /** {@return the names of the cells of a row, in their order} */
    List<String> columns();

    /**
     * Reads the next row; after an exception the next call goes on behind the bad row.
     *
     * @return false at the end of the input
     */
    boolean next(Row row) throws IOException, BadRowException;

    /** {@return the line on which the last row begins, from 1} */
    long lineNumber();

    /** {@return a copy of the last row's bytes as they were read} */
    byte[] rawBytes();

    /** {@return bytes taken from the input so far} */
    long byteCount();
}
