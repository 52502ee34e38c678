package io.millrace.bench.planted.ops;

/** Stands above the journal that knows it. */
public record PlantedCommand(String name) {}
