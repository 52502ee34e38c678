/**
 * The configuration file: YAML with the place of every value, read into immutable records; entry type
 * {@link io.millrace.ops.config.ConfigReader}. All that is wrong is found in one go. Any thread.
 *
 * <pre>
 *   YAML --compose--> nodes with marks --ConfigSection (ConfigKey, ConfigType)--> RunConfig
 *                                              '--> ConfigProblems: file:line:col  key: what is wrong
 * </pre>
 */
@NullMarked
package io.millrace.ops.config;

import org.jspecify.annotations.NullMarked;
