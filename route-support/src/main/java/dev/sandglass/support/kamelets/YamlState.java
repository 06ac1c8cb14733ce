package dev.sandglass.support.kamelets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Bodies;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.yaml.room.Weight;
import dev.sandglass.support.yaml.room.WriteShare;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** The state of YAML routes, in the service's state under a prefix of its own. */
@Singleton
@Named("yamlState")
public class YamlState {
    private static final String PREFIX = "yaml/";
    /** The prefix of {@link #first}, before the name of the file: another file can have the same key. */
    private static final String FIRST = "yaml-first/";

    /** The property in which {@link #get} leaves the value for {@link #remove}. */
    private static final String READ = "yamlState.read";

    private static final String OWNER = "yamlState.owner";

    private static final int TRIES = 5;
    /** The most elements of a list: one value of state is read and written whole. */
    private static final int MOST = 1000;

    /** A key: 1 to 500 characters, without the two bars that Dapr puts between its own parts of a key. */
    private static final Pattern KEY = Pattern.compile("(?!.*\\|\\|)\\P{Cntrl}{1,500}", Pattern.DOTALL);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Dapr dapr;

    public YamlState(Dapr dapr) {
        this.dapr = dapr;
    }

    /** @throws IllegalArgumentException for a text that Dapr or a store cannot have as a key: that is no outage */
    private static String at(String key) {
        return at(PREFIX, key);
    }

    private static String at(String prefix, String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "a key has 1 to 500 characters, no control characters and no ||: " + key);
        }
        return prefix + key;
    }

    /**
     * Reads how long something is to be kept: the store would call a longer time wrong, and what is kept for ever fills it.
     *
     * @throws IllegalArgumentException where it is no ISO 8601 duration from 1 second to 366 days
     */
    public static Duration kept(String text) {
        try {
            Duration kept = Duration.parse(text);
            if (kept.compareTo(SHORTEST) >= 0 && kept.compareTo(LONGEST) <= 0) {
                return kept;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "it is a duration as P30D or PT1H, from 1 second to 366 days, not '" + text + "'");
    }

    /** @throws IllegalStateException when the file has written its share */
    private void write(Exchange exchange, Transaction transaction) {
        transaction.each((key, json) -> WriteShare.take(exchange, WriteShare.Sink.STORE, key.length() + json.length()));
        dapr.commit(transaction);
    }

    /** The value of a key becomes the body; {@code null} where there is none. */
    public void get(Exchange exchange, @ExchangeProperty("key") String key) {
        Stored stored = dapr.read(at(key));
        exchange.setProperty(READ, stored);
        exchange.getMessage().setBody(stored.absent() ? "null" : stored.tree().toString());
    }

    /** The body becomes the value of a key, in place of any other. */
    public void save(Exchange exchange, @ExchangeProperty("key") String key, @ExchangeProperty("kept") String kept) {
        write(exchange, new Transaction().put(at(key), Bodies.tree(exchange), kept(kept)));
    }

    /**
     * The body becomes the last element of the list under a key, and the list is kept anew.
     *
     * @throws IllegalStateException when the list is full
     */
    public void append(Exchange exchange, @ExchangeProperty("key") String key, @ExchangeProperty("kept") String kept) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(at(key));
            ArrayNode list = stored.absent() ? Json.array() : stored.as(ArrayNode.class);
            list.add(Bodies.tree(exchange));
            if (list.size() > MOST || list.toString().length() > Weight.LONGEST) {
                throw new IllegalStateException(
                        "the list " + key + " has at most " + MOST + " elements and " + Weight.LONGEST + " characters");
            }
            try {
                write(exchange, new Transaction().replace(stored, list, kept(kept)));
                return;
            } catch (Unavailable e) {
                // Another write was first, or the store is away; after a lost answer the element may come twice.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Removes the value that this exchange got.
     *
     * @throws Unavailable when the value has changed since
     */
    public void remove(Exchange exchange, @ExchangeProperty("key") String key) {
        Stored read = exchange.getProperty(READ, Stored.class);
        if (read == null || !read.key().equals(at(key))) {
            throw new IllegalStateException("remove " + key + " needs a get of the same key before it");
        }
        if (!read.absent()) {
            dapr.commit(new Transaction().delete(read));
        }
    }

    /**
     * Ends the exchange unless it is the first of its file with this key. The same exchange, or the same event tried again, goes on and
     * renews the mark.
     *
     * @param kept the time it is remembered, an ISO 8601 duration
     */
    public void first(Exchange exchange, @ExchangeProperty("key") String key, @ExchangeProperty("kept") String kept) {
        String mark = at(FIRST + exchange.getContext().getName() + "/", key);
        String owner = owner(exchange);
        Stored stored = dapr.read(mark);
        if (stored.absent() || owner.equals(stored.as(String.class))) {
            try {
                write(exchange, new Transaction().replace(stored, owner, kept(kept)));
                return;
            } catch (Unavailable e) {
                // It may be written, or another exchange was first: the mark tells.
                stored = dapr.read(mark);
                if (stored.absent()) {
                    throw e;
                }
            }
        }
        if (!owner.equals(stored.as(String.class))) {
            exchange.setRouteStop(true);
        }
    }

    /** The name of the event, or a new name for another message. The exchange's id does not do, since a Kamelet works on a copy. */
    private static String owner(Exchange exchange) {
        String event = EventName.of(exchange.getMessage());
        String owner = event == null ? exchange.getProperty(OWNER, String.class) : event;
        if (owner == null) {
            owner = UUID.randomUUID().toString();
            exchange.setProperty(OWNER, owner);
        }
        return owner;
    }
}
