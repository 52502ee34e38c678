package io.millrace.bench.planted.util;

/** Has no name of its own, nor has its package. */
public record PlantedHelper(String anything) {}
