package dev.sandglass.audit.memory;

import dev.sandglass.support.domain.Decision;
import dev.sandglass.support.memory.Lookup;
import dev.sandglass.support.memory.Patience;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Turns at what takes much memory or time, in the order in which they were asked for, however many ask. */
@Singleton
@Named("turns")
public class Turns {
    private static final int LISTS = 64;

    /** One portion of documents is read at a time: memory has to hold one of the largest. */
    private final Semaphore portions = new Semaphore(1, true);
    /** A list's place is by its hash: two lists that share one wait for each other, which is rare. */
    private final List<Semaphore> walks =
            Stream.generate(() -> new Semaphore(1, true)).limit(LISTS).toList();

    /** The question, so that it reads in turns. */
    public Lookup<?> question(@Body Decision<?> question) {
        Patience patience =
                Patience.forAQuestion("there is too much to look through at once; try again, or ask for less");
        return new Lookup<>(question, portions, keys -> patience.enter(portions, 1));
    }

    public void asked(@ExchangeProperty("lookup") Lookup<?> lookup) {
        lookup.end();
    }

    /** Waits until no other portion is read. */
    public void read(@ExchangeProperty("verifying") Verifying verifying) {
        verifying.patience.enter(portions);
    }

    public void wasRead() {
        portions.release();
    }

    /** Waits until the list is not walked by another. */
    public void walk(@ExchangeProperty("verifying") Verifying verifying) {
        verifying.patience.enter(walks(verifying));
    }

    public void walked(@ExchangeProperty("verifying") Verifying verifying) {
        walks(verifying).release();
    }

    private Semaphore walks(Verifying verifying) {
        return walks.get(Math.floorMod(verifying.list.hashCode(), LISTS));
    }
}
