package dev.sandglass.task.domain.chat;

/** A list of the user, as a sentence may name it. */
public record ListName(String id, String name) {}
