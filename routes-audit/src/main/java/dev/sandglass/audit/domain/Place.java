package dev.sandglass.audit.domain;

/** Of an entry: its list, and its number there, from 1. */
public record Place(String list, long seq) {}
