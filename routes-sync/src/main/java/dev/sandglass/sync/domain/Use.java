package dev.sandglass.sync.domain;

/** A ticket that is about to become the socket of that id. */
public record Use(Ticket ticket, String socket) {}
