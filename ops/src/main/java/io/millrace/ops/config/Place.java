package io.millrace.ops.config;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * A place in the configuration file.
 *
 * @param line from 1
 * @param column from 1
 */
record Place(int line, int column) {
    static final Place START = new Place(1, 1);

    static Place of(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    static Place of(Node node) {
        return of(node.getStartMark());
    }

    /** {@return the place of a character of a scalar that stands on one line} */
    static Place within(Node node, int offset) {
        Place start = of(node);
        boolean quoted = node instanceof ScalarNode scalar && scalar.getScalarStyle() != ScalarStyle.PLAIN;
        return new Place(start.line, start.column + offset + (quoted ? 1 : 0));
    }
}
