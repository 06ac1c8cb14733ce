package dev.sandglass.sync.domain;

/** A ticket on its way to being the socket of that id. */
public record Use(Ticket ticket, String socket) {}
