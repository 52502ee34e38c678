package io.millrace.ops.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options of every command. */
@Command(mixinStandardHelpOptions = true, versionProvider = Versions.Line.class)
public final class CommonOptions {
    @Option(names = "--json", description = "Print the result as JSON: one object, of a list one a line.")
    private boolean isJson;

    public boolean isJson() {
        return isJson;
    }
}
