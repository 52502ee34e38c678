/**
 * Measures latency per stage in HDR histograms, and beside it the pauses of the platform itself.
 *
 * <pre>
 *   stage thread                                        any other thread
 *
 *   beginBatch(now) add(ingestTimeNs)* endBatch()
 *         |                                             intervalHistogram(recycle)  -> a log, one reader
 *         '--> LatencyRecorder  - - - writer-reader - -> totalHistogram(recycle)     -> summary, metrics
 *                                      phaser
 *   HiccupMeter's thread sleeps ------> LatencyRecorder "hiccup": the jitter floor
 * </pre>
 *
 * <p>{@link io.millrace.latency.Latencies} holds one {@link io.millrace.latency.LatencyRecorder} per
 * {@link io.millrace.latency.LatencyStage}. A recorder has one writer, which never waits for readers.
 */
@NullMarked
package io.millrace.latency;

import org.jspecify.annotations.NullMarked;
