package io.millrace.ops.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with all that is wrong with it in the order of the file. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** {@return at least one problem, in the order of the file} */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
