#!/usr/bin/env python3
"""Reads and verifies the logs of a Millrace data directory by the format that journal/README.md publishes.

    read_journal.py DIRECTORY                    verify journal, outbox and dead letters; one JSON line per log
    read_journal.py DIRECTORY --records          the records too, one JSON line each, before the line of their log
    read_journal.py DIRECTORY --acked FILE       compare the journal with what its writers say was acknowledged
    read_journal.py -                            verify the directories named on standard input, one line each

It shares nothing with the product but that page, needs the standard library only, writes nothing and takes no lock. Without
--live it takes the writer for dead: run it between two starts.

An ack file has one line per acknowledgement, in the order in which they came, and lines that begin with # as notes:

    SEQUENCE                           acknowledged
    FIRST-LAST                         acknowledged, all of them
    SEQUENCE ID_HI ID_LO               and it has that id (decimal, signed), once in the whole journal
    SEQUENCE ID_HI ID_LO CRC           and its payload has that CRC-32 (of zlib, hexadecimal)

Exit codes: 0 all whole, a torn tail at the very end included; 1 an acknowledged record is missing, different, twice or out
of order; 2 usage; 65 damaged; 66 cannot be read.
"""

import argparse
import datetime
import json
import os
import re
import struct
import sys
import zlib

FRAME = struct.Struct("<IBBHIIqqqqHHIII")
RECORD = struct.Struct("<qqqqqqiiHHHH")
RECORD_FIELDS = (
    "sequence", "idHi", "idLo", "key", "timestampNs", "ingestTimeNs", "sourceId", "payloadLength", "typeId",
    "schemaVersion", "flags", "reserved")
BRIEF = struct.Struct("<q24xqq4xi")  # sequence, timestampNs, ingestTimeNs, payloadLength
SEGMENT_HEADER = struct.Struct("<IIqIIqqqq")
SEGMENT_FOOTER = struct.Struct("<IIqqqqqqqq")
FOOTER_ENTRY = struct.Struct("<qqqqqII")
SNAPSHOT = struct.Struct("<4sHHqqqqIIqqqqQqIIII")
SYNCED = struct.Struct("<4sIqqqqII")
MIN_LONG, MAX_LONG = -(1 << 63), (1 << 63) - 1

MAGIC = b"MRF1"
VERSION = 1
FLAG_START = 2
MAX_FRAME_LENGTH = 1 << 26
NO_SEQUENCE = -1
TYPE_START, TYPE_SEGMENT_HEADER, TYPE_SEGMENT_FOOTER = 60201, 60202, 60203

KINDS = {"journal": 1, "outbox": 2, "deadletters": 3}

SEALED = 0xC0000000
NOT_COMPLETE = 0x80000000
METADATA = 0x40000000
MAX_METADATA_LENGTH = 1 << 16
METADATA_FIRST_BYTE = 0xB9

EXIT_FINDING, EXIT_DAMAGED, EXIT_UNREADABLE = 1, 65, 66


# CRC32C. It is linear: what a word adds to the checksum is what the same word, multiplied by x^(32 d), adds when it stands
# d words later. So a long text is folded onto its own later part again and again, all words at once: bytes.translate is the
# table lookup and the exclusive-or of two big integers the sum. The rest goes eight bytes a step.

POLYNOMIAL = 0x82F63B78
SHORT_LENGTH = 256


def _zero_byte(register):
    for _ in range(8):
        register = (register >> 1) ^ (POLYNOMIAL if register & 1 else 0)
    return register


def _make_tables():
    tables = [[_zero_byte(i) for i in range(256)]]
    for _ in range(7):
        tables.append([(value >> 8) ^ tables[0][value & 255] for value in tables[-1]])
    return tables


TABLES = _make_tables()


def _advance(register, columns):
    """The register after the zeros that the 32 columns stand for."""
    result = 0
    for column in columns:
        if register & 1:
            result ^= column
        register >>= 1
    return result


def _word_columns():
    columns = []
    for bit in range(32):
        register = 1 << bit
        for _ in range(4):
            register = (register >> 8) ^ TABLES[0][register & 255]
        columns.append(register)
    return columns


COLUMNS = [_word_columns()]  # COLUMNS[k]: over 2**k words of zeros
FOLDS = {}  # k -> tables[byte of the word that comes out][byte of the word that goes in]


def _fold_tables(k):
    while len(COLUMNS) <= k:
        last = COLUMNS[-1]
        COLUMNS.append([_advance(column, last) for column in last])
    if k not in FOLDS:
        words = [[_advance(value << (8 * i), COLUMNS[k]) for value in range(256)] for i in range(4)]
        FOLDS[k] = [[bytes((word >> (8 * o)) & 255 for word in words[i]) for i in range(4)] for o in range(4)]
    return FOLDS[k]


def _update(register, text):
    t0, t1, t2, t3, t4, t5, t6, t7 = TABLES
    whole = len(text) & ~7
    for low, high in struct.iter_unpack("<II", text[:whole]):
        low ^= register
        register = (
            t7[low & 255] ^ t6[(low >> 8) & 255] ^ t5[(low >> 16) & 255] ^ t4[low >> 24]
            ^ t3[high & 255] ^ t2[(high >> 8) & 255] ^ t1[(high >> 16) & 255] ^ t0[high >> 24])
    for value in text[whole:]:
        register = (register >> 8) ^ t0[(register ^ value) & 255]
    return register


def _fold(text):
    """A short text, in words from its front, whose checksum from a register of zero is that of a long one."""
    planes = [text[i::4] for i in range(4)]
    count = len(text) // 4
    while count > SHORT_LENGTH // 8:
        k = (count - 1).bit_length() - 1
        rest = 1 << k
        over = count - rest
        tables = _fold_tables(k)
        folded = []
        for o in range(4):
            total = int.from_bytes(planes[o][rest:], "little")
            for i in range(4):
                total ^= int.from_bytes(planes[i][:over].translate(tables[o][i]), "little")
            folded.append(planes[o][over:rest] + total.to_bytes(over, "little"))
        planes = folded
        count = rest
    merged = bytearray(4 * count)
    for i in range(4):
        merged[i::4] = planes[i]
    return bytes(merged)


def crc32c(text):
    if len(text) <= SHORT_LENGTH or len(text) % 4 != 0:
        return _update(0xFFFFFFFF, text) ^ 0xFFFFFFFF
    first = int.from_bytes(text[:4], "little") ^ 0xFFFFFFFF
    return _update(0, _fold(first.to_bytes(4, "little") + text[4:])) ^ 0xFFFFFFFF


class Damage(Exception):
    """Something that no writer leaves behind when it dies."""

    def __init__(self, file, offset, sequence, what):
        super().__init__(what)
        self.file, self.offset, self.sequence, self.what = file, offset, sequence, what

    def summary(self, log, directory):
        return {
            "log": log, "damage": self.what, "file": os.path.relpath(self.file, directory), "offset": self.offset,
            "sequence": self.sequence}


class Bytes:
    """A file by positional reads that never go past its end."""

    CHUNK_LENGTH = 1 << 22

    def __init__(self, path):
        self.path = path
        self.descriptor = os.open(path, os.O_RDONLY)
        self.length = os.fstat(self.descriptor).st_size
        self.base, self.chunk = 0, b""

    def at(self, offset, length):
        """That many bytes, None if the file does not have them."""
        if offset + length > self.length:
            return None
        begin = offset - self.base
        if begin < 0 or begin + length > len(self.chunk):
            wanted = max(length, min(self.CHUNK_LENGTH, self.length - offset))
            self.base, self.chunk = offset, self._read(offset, wanted)
            begin = 0
        found = self.chunk[begin:begin + length]
        return found if len(found) == length else None

    def find(self, what, offset):
        """The first multiple of 4 from offset on at which this stands, -1 if none does."""
        while offset < self.length:
            chunk = self._read(offset, min(self.CHUNK_LENGTH, self.length - offset))
            found = chunk.find(what)
            while found >= 0 and (offset + found) % 4 != 0:
                found = chunk.find(what, found + 1)
            if found >= 0:
                return offset + found
            if len(chunk) < self.CHUNK_LENGTH:
                return -1
            offset += len(chunk) - len(what) + 1
        return -1

    def end_of_bytes(self, offset):
        """The position behind the last byte from offset on that is not zero."""
        end = offset
        while offset < self.length:
            chunk = self._read(offset, min(self.CHUNK_LENGTH, self.length - offset))
            if not chunk:
                break
            kept = len(chunk.rstrip(b"\0"))
            end = offset + kept if kept else end
            offset += len(chunk)
        return end

    def close(self):
        os.close(self.descriptor)

    def _read(self, offset, length):
        parts = []
        while length > 0:
            part = os.pread(self.descriptor, length, offset)
            if not part:
                break
            parts.append(part)
            offset, length = offset + len(part), length - len(part)
        return b"".join(parts)


class Frame:
    """A whole frame."""

    __slots__ = (
        "flags", "length", "count", "first", "synced_up_to", "epoch", "control_count", "start", "previous_crc", "crc",
        "text", "min_timestamp_ns", "max_timestamp_ns", "min_ingest_ns", "max_ingest_ns", "index")

    def records(self):
        """(offset, sequence) of each record."""
        return self.index

    def record(self, offset):
        fields = dict(zip(RECORD_FIELDS, RECORD.unpack_from(self.text, offset)))
        payload = offset + RECORD.size
        fields["payload"] = self.text[payload:payload + fields["payloadLength"]]
        return fields

    def only_control(self):
        """The record of a frame that holds one control record and nothing else, else None."""
        return self.record(FRAME.size) if (self.count, self.control_count) == (0, 1) else None


def frame_at(source, offset, kind, start):
    """(frame, "") or (None, what is wrong)."""
    header = source.at(offset, FRAME.size)
    if header is None:
        return None, "file ends inside a frame's header: fileLength=%d" % source.length
    if header[:4] != MAGIC:
        return None, "no frame here: magic=%s (expected: %s)" % (header[:4].hex(), MAGIC.hex())
    frame = Frame()
    (_, version, code, frame.flags, frame.length, frame.count, frame.first, frame.min_timestamp_ns,
     frame.max_timestamp_ns, frame.synced_up_to, frame.epoch, frame.control_count, frame.start, frame.previous_crc,
     frame.crc) = FRAME.unpack(header)
    if version != VERSION:
        return None, "version=%d (expected: %d)" % (version, VERSION)
    if code != kind:
        return None, "kind=%d (expected: %d)" % (code, kind)
    if not FRAME.size <= frame.length <= MAX_FRAME_LENGTH or frame.length % 8 != 0:
        return None, "length=%d (expected: %d to %d, a multiple of 8)" % (frame.length, FRAME.size, MAX_FRAME_LENGTH)
    if frame.start != start:
        return None, "start=%d (expected: %d)" % (frame.start, start)
    frame.text = source.at(offset, frame.length)
    if frame.text is None:
        return None, "file ends inside a frame: frameLength=%d, fileLength=%d" % (frame.length, source.length)
    crc = crc32c(frame.text[:60] + b"\0\0\0\0" + frame.text[64:])
    if crc != frame.crc:
        return None, "crc=0x%08x (expected: 0x%08x)" % (frame.crc, crc)
    problem = records_problem(frame)
    return (None, problem) if problem else (frame, "")


def records_problem(frame):
    """Splits a frame into its records, and says what is wrong with them."""
    offset, length, text, index, controls = FRAME.size, frame.length, frame.text, [], 0
    min_time, max_time, min_ingest, max_ingest = MAX_LONG, MIN_LONG, MAX_LONG, MIN_LONG
    while offset < length:
        room = length - offset - RECORD.size
        if room < 0:
            return "record is longer than its frame: offsetInFrame=%d" % offset
        sequence, time, ingest, payload = BRIEF.unpack_from(text, offset)
        if not 0 <= payload <= room:
            return "record is longer than its frame: payloadLength=%d, offsetInFrame=%d" % (payload, offset)
        index.append((offset, sequence))
        if sequence == NO_SEQUENCE:
            controls += 1
        else:
            min_time, max_time = min(min_time, time), max(max_time, time)
            min_ingest, max_ingest = min(min_ingest, ingest), max(max_ingest, ingest)
        offset += (RECORD.size + payload + 7) & ~7
    frame.index, frame.min_ingest_ns, frame.max_ingest_ns = index, min_ingest, max_ingest
    for name, found, expected in (
            ("count", frame.count, len(index) - controls), ("controlCount", frame.control_count, controls),
            ("minTimestampNs", frame.min_timestamp_ns, min_time), ("maxTimestampNs", frame.max_timestamp_ns, max_time)):
        if found != expected:
            return "%s=%d (expected: %d)" % (name, found, expected)
    return ""


class Segment:
    """What header and footer of a file have to say, from its frames."""

    def __init__(self, number, start, place, crc, times_so_far):
        self.number, self.start, self.first, self.crc = number, start, place, crc
        self.times_so_far = times_so_far
        self.frames, self.offsets, self.footer_offset = 0, {}, -1
        self.times = (MAX_LONG, MIN_LONG, MAX_LONG, MIN_LONG)

    def problem(self, frame, offset, end, footer_before):
        """Takes the next frame, which goes on at that place; says what is wrong with the notes in it."""
        if self.footer_offset >= 0:
            return "a frame behind the footer"
        self.frames += 1
        note = frame.only_control()
        if self.frames == 1:
            return self._header_problem(note, frame, footer_before)
        if note and note["typeId"] == TYPE_SEGMENT_FOOTER:
            self.footer_offset = offset
            return self._footer_problem(note["payload"], frame.first)
        self.offsets[offset] = frame
        low, high, first_in, last_in = self.times
        self.times = (min(low, frame.min_timestamp_ns), max(high, frame.max_timestamp_ns),
                      min(first_in, frame.min_ingest_ns), max(last_in, frame.max_ingest_ns))
        return ""

    def times_after(self):
        if self.times_so_far is None:
            return None  # retention has removed what would tell, and no header was read here
        return max(self.times_so_far[0], self.times[1]), max(self.times_so_far[1], self.times[3])

    def _header_problem(self, note, frame, footer_before):
        if not note or note["typeId"] != TYPE_SEGMENT_HEADER:
            return "no segment header"
        found = SEGMENT_HEADER.unpack_from(note["payload"])
        if self.times_so_far is None:
            # Retention has removed what would tell.
            footer_before, self.times_so_far = found[5], found[6:8]
        expected = (self.number, 1, self.first, self.crc, self.start, footer_before) + self.times_so_far
        return "" if found[:8] == expected else "segment header %s (expected: %s)" % (found[:8], expected)

    def _footer_problem(self, payload, end):
        found = SEGMENT_FOOTER.unpack_from(payload)
        expected = (self.number, found[1], self.first, end) + self.times + self.times_after()
        if found != expected:
            return "segment footer %s (expected: %s)" % (found, expected)
        frames = 0
        for i in range(found[1]):
            entry = FOOTER_ENTRY.unpack_from(payload, SEGMENT_FOOTER.size + i * FOOTER_ENTRY.size)
            frame = self.offsets.get(entry[0])
            if not frame or (frame.first, frame.previous_crc) != (entry[1], entry[5]):
                return "segment footer: no such frame: %s" % (entry,)
            frames += entry[6]
        return "" if frames == len(self.offsets) else "segment footer: frames=%d (expected: %d)" % (frames, len(self.offsets))


class Evidence:
    """What vouches for a log beside the log itself: the file open, the file synced, the names of snapshots."""

    LINE = re.compile(
        r"(journal|outbox|deadletters)=(open|closed) start=(\d+) sequence=(\d+) crc=([0-9a-f]{8}) bootId=(\S+)")

    def __init__(self, data_directory, name, boot_id):
        self.end, self.boot = None, "unknown"
        self.file = os.path.join(data_directory, "open")
        self.has_file = os.path.exists(self.file)
        self.synced_path = os.path.join(data_directory, name, "synced")
        if self.has_file:
            self._read_open(name, boot_id)

    def _read_open(self, name, boot_id):
        with open(self.file, "rb") as source:
            text = source.read(4097)
        body, mark, crc = text.rpartition(b"crc=")
        if not mark or not body.endswith(b"\n") or crc != b"%08x\n" % crc32c(body):
            raise Damage(self.file, 0, NO_SEQUENCE, "crc does not match")
        for line in body.decode().splitlines():
            match = self.LINE.fullmatch(line)
            if match and match.group(1) == name:
                self.end = match.group(2) == "closed", int(match.group(3)), int(match.group(4)), int(match.group(5), 16)
                self.boot = "same" if match.group(6) == boot_id else "another"

    def synced_file(self, journal_id):
        """(start, syncedUpTo) of the newest slot of this journal's, None if there is none."""
        if not os.path.exists(self.synced_path):
            return None
        with open(self.synced_path, "rb") as source:
            text = source.read(1024)
        slots = []
        for offset in (0, 512):
            slot = text[offset:offset + SYNCED.size]
            if len(slot) == SYNCED.size:
                magic, version, counter, id_hi, id_lo, synced, start, crc = SYNCED.unpack(slot)
                if (magic, version, crc) == (b"MRY1", 1, crc32c(slot[:44])) and counter > 0:
                    slots.append((counter, id_hi, id_lo, synced, start))
        if not slots:
            return None
        _, id_hi, id_lo, synced, start = max(slots)
        return (start, synced) if hex_id(id_hi, id_lo) == journal_id else None


def hex_id(id_hi, id_lo):
    return "%016x%016x" % (id_hi & (2 ** 64 - 1), id_lo & (2 ** 64 - 1))


class Start:
    """A start's directory and what its start frame says."""

    def __init__(self, directory, number, frame, note):
        self.directory, self.number, self.frame, self.note = directory, number, frame, note

    @staticmethod
    def read(log_directory, kind, number):
        directory = os.path.join(log_directory, "%08d" % number)
        path = os.path.join(directory, "start.frame")
        if not os.path.exists(path):
            if segments_in(directory):
                raise Damage(path, 0, NO_SEQUENCE, "start frame is missing")
            return None
        return Start.read_file(path, kind, number)

    @staticmethod
    def read_file(path, kind, number):
        """A number of None is that of the frame itself."""
        directory = os.path.dirname(path)
        source = Bytes(path)
        if number is None:
            number = int.from_bytes((source.at(0, FRAME.size) or bytes(FRAME.size))[52:56], "little")
        try:
            frame, problem = frame_at(source, 0, kind, number)
        finally:
            source.close()
        if frame is None:
            raise Damage(path, 0, NO_SEQUENCE, problem)
        note = frame.record(FRAME.size) if frame.count == 0 and frame.control_count else None
        if not frame.flags & FLAG_START or not note or note["typeId"] != TYPE_START:
            raise Damage(path, 0, NO_SEQUENCE, "not a start frame")
        return Start(directory, number, frame, note)

    def journal_id(self):
        return hex_id(self.note["idHi"], self.note["idLo"])


def segments_in(directory):
    return sorted(name for name in os.listdir(directory) if re.fullmatch(r"\d{8}-\d{2}F\.cq4", name))


def segment_name(number):
    """Hour N since 1970, of which no more than some years are in use."""
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=number // 24)
    return "%s-%02dF.cq4" % (day.strftime("%Y%m%d"), number % 24)


class Log:
    """Goes along the chain of one log; calls on_frame(frame, end place) for each frame that counts."""

    def __init__(self, data_directory, name, is_live, evidence):
        self.evidence = evidence
        self.name, self.kind, self.is_live = name, KINDS[name], is_live
        self.directory = os.path.join(data_directory, name)
        self.starts = []
        self.place, self.crc = 0, 0
        self.frame_count = 0
        self.synced_up_to = -1
        self.newest_frame_start = 0
        self.torn = []
        self.segment, self.footer_before, self.times = None, -1, (MIN_LONG, MIN_LONG)
        self.missing_segment, self.dropped = "", 0
        self.first_lost, self.first, self.first_place = None, None, 0
        self.file, self.offset = self.directory, 0

    def read(self, on_frame):
        path = os.path.join(self.directory, "first.frame")
        self.first = Start.read_file(path, self.kind, None) if os.path.exists(path) else None
        self.starts = self._starts()
        for index, start in enumerate(self.starts):
            self._check_continues(index, start)
            self.place, self.crc = start.frame.first, start.frame.crc
            self.file, self.offset = start.directory, 0
            self.times = start.note["key"], start.note["ingestTimeNs"]
            if self._first_segment(start) > 0:
                self.place, self.crc = self.first.frame.first, self.first.frame.previous_crc
            self.first_place = self.place if index == 0 else self.first_place
            self.segment, self.footer_before = None, -1
            # What an earlier start said may speak of records that a recovery left out.
            self.synced_up_to = start.frame.synced_up_to
            follower = self.starts[index + 1] if index + 1 < len(self.starts) else None
            if follower is None:
                self._read_newest(start, on_frame)
            elif not self._is_end(follower, self.place):
                self._read_followed(start, follower, on_frame)
        if not self.starts and self.evidence.end:
            self._fail_at(os.path.join(self.directory, "%08d" % self.evidence.end[1]), 0,
                          "start is missing that the file open names")

    def _starts(self):
        if not os.path.isdir(self.directory):
            return []
        numbers = sorted(int(name) for name in os.listdir(self.directory) if re.fullmatch(r"\d{8}", name))
        least = self.first.number if self.first else 0
        found = [Start.read(self.directory, self.kind, number) for number in numbers if number >= least]
        return [start for start in found if start is not None]

    def _first_segment(self, start):
        """Number of the first segment of a start that retention has kept."""
        return self.first.note["sourceId"] if self.first and start.number == self.first.number else 0

    def _names(self, start):
        return [name for name in segments_in(start.directory) if name >= segment_name(self._first_segment(start))]

    def _check_continues(self, index, start):
        if index == 0 and self.first:
            begin = self.first.frame.first, self.first.frame.previous_crc
            is_next = start.number == self.first.number and (
                self._first_segment(start) > 0 or begin == (start.frame.first, start.frame.previous_crc))
            if not is_next:
                self._fail_at(start.directory, 0, "the start that first.frame names is missing")
        elif index == 0 and (start.frame.first, start.frame.previous_crc) != (0, 0):
            self._fail_at(start.directory, 0, "starts before this one are missing: it continues at %d" % start.frame.first)

    def _is_end(self, follower, first):
        """Whether the frame accepted last, which began at that place, is where the follower continues."""
        return follower.frame.previous_crc == self.crc and first <= follower.frame.first <= self.place

    def _read_followed(self, start, follower, on_frame):
        for source in self._segments(start):
            for state, what in self._documents(source, start, False):
                if state == "bad":
                    self.fail(what)
                if state == "frame":
                    is_end = follower.frame.previous_crc == what.crc and (
                        what.first <= follower.frame.first <= what.first + what.count)
                    self._accept(what, min(what.first + what.count, follower.frame.first) if is_end else None, on_frame)
                    if is_end:
                        return
        if self.missing_segment:
            self._fail_at(self.missing_segment, 0, "segment is missing")
        self.fail("frames are missing: start %d ends at %d, start %d continues at %d"
                   % (start.number, self.place, follower.number, follower.frame.first))

    def _read_newest(self, start, on_frame):
        self.last_frame = None  # (name, position behind its document)
        state, what = "end", ""
        for source in self._segments(start):
            for state, what in self._documents(source, start, self.is_live):
                if state == "frame":
                    if not self._continues(what):
                        state, what = "bad", self._break(what)
                        break
                    self._accept(what, None, on_frame)
                    self.last_frame = os.path.basename(source.path), self.offset + 4 + (what.length + 3) // 4 * 4
            if state == "bad":
                break
        if self.missing_segment and state != "bad":
            self.file, self.offset = self.missing_segment, 0
            state, what = "bad", "segment is missing"
        if not self.is_live:
            self._decide(start, state == "bad", what)

    def _decide(self, start, is_bad, what):
        """Whether the log may end here; what is left out then."""
        known = self.evidence.end
        if known and known[1] > start.number:
            self._fail_at(os.path.join(self.directory, "%08d" % known[1]), 0, "start is missing that the file open names")
        if known and not known[0] and known[1] == start.number and known[2:] != (start.frame.first, start.frame.crc):
            self._fail_at(os.path.join(start.directory, "start.frame"), 0, "another start frame than the file open names")
        if known and known[0]:
            for later in self.starts:
                if later.number > known[1]:
                    if (later.frame.first, later.frame.previous_crc) != known[2:]:
                        self._fail_at(later.directory, 0, "does not continue where the log was closed")
                    break
            if known[1] == start.number:
                if is_bad or (self.place, self.crc) != known[2:]:
                    self.fail("%s, the log was closed at %d" % (what or "frames are missing or too many", known[2]))
                return
        self._decide_tail(start, is_bad, what)

    def _decide_tail(self, start, is_bad, what):
        behind, rests = [], []
        for name in self._names(start):
            if not self.last_frame or name >= self.last_frame[0]:
                begin = self.last_frame[1] if self.last_frame and name == self.last_frame[0] else 0
                source = Bytes(os.path.join(start.directory, name))
                behind += self._frames_behind(source, begin, start.number)
                end = source.end_of_bytes(begin)
                if end > begin:
                    rests.append({"file": source.path, "offset": begin, "length": end - begin, "reason": what})
                source.close()
        synced = max([self.synced_up_to] + [frame.synced_up_to for frame in behind])
        slot = self.evidence.synced_file(start.journal_id())
        if slot and slot[0] > start.number:
            self._fail_at(os.path.join(self.directory, "%08d" % slot[0]), 0, "start is missing that the file synced names")
        if slot and slot[0] == start.number:
            synced = max(synced, slot[1])
        if synced >= self.place:
            self.fail("%s, known to be on the disk through %d" % (what or "records are missing", synced))
        if behind and self.evidence.boot != "another":
            self.fail("%s, and %d whole frames stand behind it" % (what or "nothing was written here", len(behind)))
        if is_bad and not behind and self.evidence.boot == "same":
            self.fail(what)
        if is_bad or behind:
            self.torn = rests
            self.dropped = sum(frame.count for frame in behind)

    def _frames_behind(self, source, begin, start):
        found = []
        offset = source.find(MAGIC, begin)
        while offset >= 0:
            frame, _ = frame_at(source, offset, self.kind, start)
            if frame is not None and frame.first >= self.place:
                found.append(frame)
            offset = source.find(MAGIC, offset + (frame.length if frame else 4))
        return found

    def _segments(self, start):
        names, self.missing_segment = self._names(start), ""
        least = self._first_segment(start)
        if least and not names:
            self.missing_segment = os.path.join(start.directory, segment_name(least))
        for index, name in enumerate(names):
            if name != segment_name(least + index):
                self.missing_segment = os.path.join(start.directory, segment_name(least + index))
                names = names[:index]
                break
        for number, name in enumerate(names, least):
            source = Bytes(os.path.join(start.directory, name))
            self.file, self.offset = source.path, 0
            if self.segment:
                self.footer_before, self.times = self.segment.footer_offset, self.segment.times_after()
            is_begin = number == least > 0
            self.segment = Segment(number, start.number, self.place, self.crc, None if is_begin else self.times)
            try:
                yield source
            finally:
                source.close()

    def _documents(self, source, start, is_live):
        """("frame", frame) for each, then ("sealed" or "end" or "bad", what is wrong)."""
        position = 0
        while True:
            self.file, self.offset = source.path, position
            text = source.at(position, 4)
            if text is None:
                yield ("end" if is_live else "bad"), "file is cut off: fileLength=%d" % source.length
                return
            header = int.from_bytes(text, "little")
            if header == SEALED:
                yield "sealed", ""
                return
            if is_live and (header == 0 or header & NOT_COMPLETE):
                yield "end", ""
                return
            length = header & (METADATA - 1)
            if header & SEALED == METADATA and self._is_metadata(source, position, length):
                position += 4 + (length + 3) // 4 * 4
                continue
            frame, problem = frame_at(source, position + 4, self.kind, start.number)
            if frame is not None and header != frame.length and not self._continues(frame):
                frame, problem = None, "document header=0x%08x (expected: 0x%08x)" % (header, frame.length)
            if frame is None:
                yield ("end" if header in (0, NOT_COMPLETE) else "bad"), problem
                return
            yield "frame", frame
            position += 4 + (frame.length + 3) // 4 * 4

    @staticmethod
    def _is_metadata(source, position, length):
        if not 4 < length <= MAX_METADATA_LENGTH or source.at(position + 4, length) is None:
            return False
        return source.at(position + 4, 1)[0] == METADATA_FIRST_BYTE

    def _continues(self, frame):
        return frame.previous_crc == self.crc and frame.first == self.place

    def _break(self, frame):
        return "frame does not continue the chain: firstSequence=%d (expected: %d), previousCrc=0x%08x (expected: 0x%08x)" % (
            frame.first, self.place, frame.previous_crc, self.crc)

    def _accept(self, frame, end, on_frame):
        if not self._continues(frame):
            self.fail(self._break(frame))
        end = frame.first + frame.count if end is None else end
        problem = self.segment.problem(frame, self.offset, end, self.footer_before)
        if problem:
            self.fail(problem)
        if self.name == "journal":
            self._check_sequences(frame)
        self.place, self.crc = end, frame.crc
        self.frame_count += 1
        self.newest_frame_start = frame.start
        self.synced_up_to = max(self.synced_up_to, frame.synced_up_to)
        on_frame(frame, end)

    def _check_sequences(self, frame):
        place = frame.first
        for _, sequence in frame.records():
            if sequence != NO_SEQUENCE:
                if sequence != place:
                    self.fail("sequence=%d (expected: %d)" % (sequence, place))
                place += 1

    def fail(self, what):
        self._fail_at(self.file, self.offset, what)

    def _fail_at(self, file, offset, what):
        raise Damage(file, offset, self.place, what)

    def next_place(self):
        """Behind the last record that is kept."""
        return self.place if self.first_lost is None else self.first_lost

    def summary(self):
        return {
            "log": self.name, "next": self.place, "first": self.first_place, "frames": self.frame_count, "starts": len(self.starts),
            "syncedUpTo": min(self.synced_up_to, self.place - 1), "boot": self.evidence.boot, "dropped": self.dropped,
            "torn": self.torn}


def places(frame, end):
    """(place, offset, sequence) of the records of a frame before an end."""
    place = frame.first
    for offset, sequence in frame.records():
        if sequence != NO_SEQUENCE:
            if place >= end:
                return
            yield place, offset, sequence
            place += 1


class Causes:
    """Holds the outbox to the journal: a cause that the journal does not have is possible in the newest start only."""

    def __init__(self, log, journal):
        self.log, self.journal_end, self.first_lost = log, journal.place, None
        self.is_loss_possible = journal.evidence.boot != "same" and not log.is_live

    def on_frame(self, frame, end):
        for place, _, cause in places(frame, end):
            if cause >= self.journal_end and self.first_lost is None:
                self.first_lost = place
        if self.first_lost is not None and (frame.start != self.log.starts[-1].number or not self.is_loss_possible):
            self.log.fail("outputs whose cause the journal lost: it ends at %d" % self.journal_end)

    def apply(self, summary):
        """Outputs behind the first lost one are left out with it."""
        if self.first_lost is not None:
            summary["lostCauses"] = summary["next"] - self.first_lost
            summary["next"] = self.log.first_lost = self.first_lost


class Snapshots:
    """What the snapshots say was on the disk when they were taken, against journal and outbox."""

    def __init__(self, data_directory):
        self.directory = os.path.join(data_directory, "snapshots")
        self.held, self.unusable = [], []

    def verify(self, journal, outbox):
        names = os.listdir(self.directory) if os.path.isdir(self.directory) else []
        for name in sorted(name for name in names if re.fullmatch(r"\d{19}\.snapshot", name)):
            path = os.path.join(self.directory, name)
            with open(path, "rb") as source:
                text = source.read()
            problem = self._problem(text, int(name[:19]), journal)
            if problem:
                self.unusable.append({"file": name, "reason": problem})
                continue
            sequence, place = SNAPSHOT.unpack_from(text)[6], SNAPSHOT.unpack_from(text)[10]
            if sequence >= journal.place:
                raise Damage(path, 0, journal.place, "the journal ends before a snapshot")
            if outbox and place > outbox.next_place():
                raise Damage(path, 0, outbox.next_place(), "the outbox ends at %d, before a snapshot's outputs: %d" % (
                    outbox.next_place(), place))
            self.held.append(sequence)

    @staticmethod
    def _problem(text, sequence, journal):
        if len(text) < SNAPSHOT.size + 16:
            return "too short: %d" % len(text)
        fields = SNAPSHOT.unpack_from(text)
        header_length = fields[18]
        if fields[:2] != (b"MRS1", 1) or fields[3] != len(text) or not SNAPSHOT.size <= header_length <= len(text) - 8:
            return "no snapshot, or cut off"
        for end in (header_length - 8, len(text) - 8):
            if crc32c(text[:end]) != int.from_bytes(text[end:end + 4], "little"):
                return "crc does not match"
        if journal.starts and hex_id(fields[4], fields[5]) != journal.starts[-1].journal_id():
            return "of another journal"
        return "" if fields[6] == sequence else "under another name"


class Acks:
    """What was acknowledged, by a file, against what the journal has."""

    def __init__(self, path):
        self.ranges, self.by_place, self.problems = [], {}, []
        self.count, self.last, self.end = 0, -1, 0
        with open(path, encoding="ascii") as lines:
            for line in lines:
                if line.strip() and not line.startswith("#"):
                    self._add(line.split())
        self.seen = {identity: 0 for identity, _ in self.by_place.values()}

    def _add(self, fields):
        first, _, last = fields[0].partition("-")
        first, last = int(first), int(last or first)
        if first <= self.last:
            self.problems.append("acknowledged out of order: %s behind %d" % (fields[0], self.last))
        self.last, self.end = last, max(self.end, last + 1)
        self.count += last - first + 1
        self.ranges.append((first, last))
        if len(fields) > 1:
            crc = int(fields[3], 16) if len(fields) > 3 else None
            self.by_place[first] = (int(fields[1]), int(fields[2])), crc

    def on_frame(self, frame, end):
        for place, offset, _ in places(frame, end) if self.by_place else ():
            fields = frame.record(offset)
            identity = fields["idHi"], fields["idLo"]
            if identity in self.seen:
                self.seen[identity] += 1
            wanted, crc = self.by_place.get(place, (identity, None))
            if wanted != identity:
                self.problems.append("another id: sequence=%d, id=%s (acknowledged: %s)" % (place, identity, wanted))
            elif crc is not None and crc != zlib.crc32(fields["payload"]):
                self.problems.append("another payload: sequence=%d" % place)

    def summary(self, journal_first, journal_end):
        """Every place from journal_first to journal_end was seen; retention may have removed those before."""
        missing = [(max(first, journal_end), last) for first, last in self.ranges if last >= journal_end]
        for first, last in missing[:10]:
            self.problems.append("missing: sequence=%d to %d, the journal ends at %d" % (first, last, journal_end))
        for place, (identity, _) in self.by_place.items():
            if self.seen[identity] != 1 and journal_first <= place < journal_end:
                self.problems.append("id is there %d times (expected: 1): %s" % (self.seen[identity], identity))
        return {
            "acked": self.count, "missing": sum(last - first + 1 for first, last in missing),
            "problemCount": len(self.problems), "problems": self.problems[:20]}


def print_line(fields):
    sys.stdout.write(json.dumps(fields) + "\n")


def print_records(log, frame, end):
    for place, offset, _ in places(frame, end):
        fields = frame.record(offset)
        fields["payload"] = fields["payload"].hex()
        print_line({"log": log.name, "place": place, "start": frame.start, **fields})


def verify(directory, names, options, acks=None):
    """Reads the logs; their summaries, and the exit code."""
    summaries, journal, outbox = [], None, None
    for name in names:
        log = None
        causes = None
        try:
            log = Log(directory, name, options.live, Evidence(directory, name, options.boot_id))
            watchers = [acks.on_frame] if acks and name == "journal" else []
            if name == "outbox" and journal:
                causes = Causes(log, journal)
                watchers.append(causes.on_frame)
            if options.records:
                watchers.append(lambda frame, end, log=log: print_records(log, frame, end))
            log.read(lambda frame, end: [watch(frame, end) for watch in watchers])
            if log.frame_count and not log.evidence.has_file:
                raise Damage(log.evidence.file, 0, log.place, "file is missing")
        except Damage as damage:
            return summaries + [damage.summary(name, directory)], EXIT_DAMAGED
        if name == "journal":
            journal = log
        summaries.append(log.summary())
        if causes:
            causes.apply(summaries[-1])
            outbox = log
    if journal:
        snapshots = Snapshots(directory)
        try:
            snapshots.verify(journal, outbox)
        except Damage as damage:
            return summaries + [damage.summary("snapshots", directory)], EXIT_DAMAGED
        summaries.append({"snapshots": snapshots.held, "unusable": snapshots.unusable})
    if journal and len({start.journal_id() for start in journal.starts}) > 1:
        summaries.append({"log": "journal", "damage": "starts of different journals"})
        return summaries, EXIT_DAMAGED
    if acks and journal:
        summaries.append(acks.summary(journal.first_place, journal.place))
        if acks.problems:
            return summaries, EXIT_FINDING
    return summaries, 0


def verify_each(lines, names, options):
    """One line of output per directory, at once, so that another process can ask again and again."""
    for line in lines:
        try:
            summaries, exit_code = verify(line.rstrip("\n"), names, options)
        except OSError as error:
            summaries, exit_code = [{"error": str(error)}], EXIT_UNREADABLE
        print_line({"exitCode": exit_code, "logs": summaries})
        sys.stdout.flush()
    return 0


def current_boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as source:
            return source.read().strip()
    except OSError:
        return "unknown"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", metavar="DIRECTORY", help="data directory, or - for many")
    parser.add_argument("--log", choices=sorted(KINDS), help="this log only")
    parser.add_argument("--records", action="store_true", help="print every record")
    parser.add_argument("--acked", metavar="FILE", help="what was acknowledged")
    parser.add_argument("--boot-id", metavar="ID", default=current_boot_id(), help="of this boot (default: the system's)")
    parser.add_argument("--live", action="store_true", help="a writer may be at work")
    options = parser.parse_args()
    names = [options.log] if options.log else ["journal", "outbox", "deadletters"]
    if options.acked and "journal" not in names:
        parser.error("--acked needs the journal")
    if options.directory == "-":
        return verify_each(sys.stdin, names, options)
    try:
        if not os.path.isdir(options.directory):
            raise OSError("no such directory: " + options.directory)
        acks = Acks(options.acked) if options.acked else None
        summaries, exit_code = verify(options.directory, names, options, acks)
    except (OSError, ValueError) as error:
        print("cannot read: %s" % error, file=sys.stderr)
        return EXIT_UNREADABLE
    for summary in summaries:
        print_line(summary)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
