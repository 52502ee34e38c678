package io.millrace.rule;

/**
 * Turns the text of a rule into an operator. A replay does it again: the same name and text must always give an
 * operator that does the same.
 */
@FunctionalInterface
public interface RuleCompiler {
    /**
     * {@return a new operator of this name, empty}
     *
     * @throws RuleException if the text is no rule, with what is wrong and where
     */
    CompiledRule compile(String name, String text);
}
