package io.millrace.journal.snapshot;

import java.nio.ByteOrder;

/**
 * Layout of a snapshot file, little endian.
 *
 * <pre>
 *   0          4         6          8            16            24            32         40      44      48        56
 *  +----------+---------+----------+------------+-------------+-------------+----------+-------+-------+---------+-----
 *  | "MRS1"   | version | reserved | fileLength | journalIdHi | journalIdLo | sequence | start | epoch | takenNs | ...
 *  +----------+---------+----------+------------+-------------+-------------+----------+-------+-------+---------+-----
 *  56            64               72               80          88                   96         100           104
 *  +-------------+----------------+----------------+-----------+--------------------+----------+-------------+---------
 *  | outputPlace | lastOutputIdHi | lastOutputIdLo | stateHash | frameFirstSequence | frameCrc | layoutCount | ...
 *  +-------------+----------------+----------------+-----------+--------------------+----------+-------------+---------
 *  104         108           112
 *
 * +-----------+-------------+-------------------+--------------+-----------+------+----------------------+-----+------+
 *  | partCount | headerLength| layouts, 16 each  | parts        | headerCrc | zero | states, each to 8    | crc | zero
 * |
 *
 * +-----------+-------------+-------------------+--------------+-----------+------+----------------------+-----+------+
 *                                                               ^ headerLength - 8
 *
 *   layout   typeId u32, schemaVersion u32, hash u64
 *   part     configHash u64, length u64, nameLength u32, zero u32, name in UTF-8 with zeros to a multiple of 8
 * </pre>
 *
 * <p>{@code headerCrc} is CRC32C over all bytes before it, and so is {@code crc}. The states stand in the order of the
 * parts, each with zeros to a multiple of 8.
 */
final class SnapshotDescriptor {
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    /** The bytes {@code MRS1}. */
    static final int MAGIC = 0x3153524D;

    static final int VERSION = 1;
    static final int FIXED_LENGTH = 112;
    static final int LAYOUT_LENGTH = 16;
    static final int PART_LENGTH = 24;
    /** CRC and zeros, behind the header and at the end. */
    static final int CRC_LENGTH = 8;
    /** Longest header that is read. */
    static final int HEADER_LENGTH_MAX = 1 << 24;

    private SnapshotDescriptor() {}

    static int align(int length) {
        return (length + 7) & -8;
    }
}
