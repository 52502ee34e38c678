/**
 * What every command needs: statuses, failures that are told to the user, JSON, signals. A command prints results to
 * standard output and everything else to standard error; it runs on one thread.
 */
@NullMarked
package io.millrace.ops.command;

import org.jspecify.annotations.NullMarked;
