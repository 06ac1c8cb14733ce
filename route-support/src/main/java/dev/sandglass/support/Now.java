package dev.sandglass.support;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The clock, for decisions, which have none. */
@Singleton
@Named("now")
public class Now {
    public Instant at() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
