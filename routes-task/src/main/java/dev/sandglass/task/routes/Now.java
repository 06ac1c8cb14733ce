package dev.sandglass.task.routes;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;

/** The clock, for decisions, which have none. */
@Singleton
@Named("now")
public class Now {
    public Instant at() {
        return Instant.now();
    }
}
