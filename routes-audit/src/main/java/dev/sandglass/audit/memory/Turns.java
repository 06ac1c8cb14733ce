package dev.sandglass.audit.memory;

import dev.sandglass.audit.memory.Verifying.Walk;
import dev.sandglass.support.domain.UserQuestion;
import dev.sandglass.support.memory.FairLookup;
import dev.sandglass.support.memory.ReadTurns;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;

/** Turns at what takes much memory or time, however many ask. */
@Singleton
@Named("turns")
public class Turns {
    private static final int LISTS = 64;

    /** One portion of documents is read at a time: memory has to hold one of the largest. */
    private final ReadTurns portions = new ReadTurns(1);
    /** Two lists that share one by their hash wait for each other, which is rare. */
    private final List<Semaphore> walks =
            Stream.generate(() -> new Semaphore(1, true)).limit(LISTS).toList();
    /** By list, what was not walked to its end; as many as walk at once. */
    private final Map<String, Walk> left = new ConcurrentHashMap<>();

    /** The question, so that it reads in turns. */
    public FairLookup<?> question(@Body UserQuestion<?> question) {
        return new FairLookup<>(question, portions);
    }

    public void asked(@ExchangeProperty("lookup") FairLookup<?> lookup) {
        lookup.end();
    }

    /** Waits until it is the turn of who asked for the walk. */
    public void read(@ExchangeProperty("verifying") Verifying verifying) {
        portions.enter(verifying.user, 1, verifying.patience);
    }

    public void wasRead(@ExchangeProperty("verifying") Verifying verifying) {
        portions.leave(verifying.user, 1, verifying.characters);
    }

    /** Waits until the list is not walked by another. */
    public void walk(@ExchangeProperty("verifying") Verifying verifying) {
        verifying.patience.enter(walk(verifying.list));
        verifying.takeUp(left.remove(verifying.list));
    }

    public void walked(@ExchangeProperty("verifying") Verifying verifying) {
        left.values().removeIf(Walk::isOver);
        if (left.size() < LISTS) {
            verifying.left().ifPresent(walk -> left.put(verifying.list, walk));
        }
        walk(verifying.list).release();
    }

    private Semaphore walk(String list) {
        return walks.get(Math.floorMod(list.hashCode(), LISTS));
    }
}
