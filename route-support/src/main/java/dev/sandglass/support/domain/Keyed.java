package dev.sandglass.support.domain;

import dev.sandglass.events.CloudEvent;

/** An event with its Kafka key, which puts it in order with others of that key. */
public record Keyed(String key, CloudEvent event) {}
