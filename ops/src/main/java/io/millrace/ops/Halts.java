package io.millrace.ops;

import io.millrace.journal.JournalException;
import io.millrace.ops.command.CommandException;
import io.millrace.ops.command.ExitCode;
import io.millrace.ring.ChangedConfigException;
import io.millrace.ring.Fault;

/** Why a pipeline stopped, as the end of a command: with the way on, where there is one. */
final class Halts {
    private Halts() {}

    /** @param configFile that the pipeline was made of, as the user named it */
    static CommandException of(Fault fault, String configFile) {
        if (fault.cause() instanceof ChangedConfigException changed) {
            return new CommandException(
                    ExitCode.CONFIG,
                    "cannot go on: " + configFile + " differs from what the data directory was written with:"
                            + changed.differences()
                            + "\ngo on with the old configuration, say --reconfigure (what changed starts empty, what"
                            + " is gone is forgotten), or name another directory with --data",
                    changed);
        }
        int exitCode = CommandException.exitCode(fault.cause());
        boolean isSkippable = fault.isOfOperator() && !isOfJournal(fault.cause());
        String way = isSkippable
                ? "; it halts there again at each start: correct the operator, or pass over that record by `millrace"
                        + " skip " + fault.sequence() + " --reason TEXT`"
                : "";
        return new CommandException(exitCode, fault.message() + way, fault.cause());
    }

    private static boolean isOfJournal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JournalException) {
                return true;
            }
        }
        return false;
    }
}
