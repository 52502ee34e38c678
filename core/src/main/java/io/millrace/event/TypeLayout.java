package io.millrace.event;

/**
 * Where the fields of an event type lie, as a hash: state that was made from records of one layout means nothing under
 * another.
 *
 * @param schemaVersion whose fields are in the hash; fields that came with a later version do not change it
 */
public record TypeLayout(int typeId, int schemaVersion, long hash) {}
