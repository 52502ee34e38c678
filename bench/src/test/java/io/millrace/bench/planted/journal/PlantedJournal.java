package io.millrace.bench.planted.journal;

import io.millrace.bench.planted.dedup.PlantedStage;
import io.millrace.bench.planted.ops.PlantedCommand;

/** Knows the module above it, and closes a cycle with the stage that knows it. */
public record PlantedJournal(PlantedStage stage, PlantedCommand command) {}
