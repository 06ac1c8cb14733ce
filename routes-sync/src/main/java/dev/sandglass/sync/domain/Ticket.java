package dev.sandglass.sync.domain;

import java.time.Instant;

/**
 * What a good ticket says.
 *
 * @param id its own, for it is good for one connection
 * @param until when the token runs out by which the ticket was given
 */
public record Ticket(String user, String id, Instant until) {}
