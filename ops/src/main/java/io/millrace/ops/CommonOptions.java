package io.millrace.ops;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Options of every command. */
@Command(mixinStandardHelpOptions = true, versionProvider = VersionCommand.Line.class)
final class CommonOptions {
    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean isJson;

    boolean isJson() {
        return isJson;
    }
}
