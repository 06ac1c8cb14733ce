package dev.sandglass.support.kamelets;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.Bodies;
import dev.sandglass.support.Dapr;
import dev.sandglass.support.Stored;
import dev.sandglass.support.Transaction;
import dev.sandglass.support.Unavailable;
import dev.sandglass.support.yaml.room.Weight;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** What YAML routes remember, in the service's own state under a prefix of their own. */
@Singleton
@Named("yamlState")
public class YamlState {
    private static final String PREFIX = "yaml/";
    /** Where {@link #first} remembers, under the name of the file: another file can have the same key. */
    private static final String FIRST = "yaml-first/";

    /** Where {@link #get} leaves what it read, for {@link #remove}. */
    private static final String READ = "yamlState.read";

    private static final String OWNER = "yamlState.owner";

    private static final int TRIES = 5;
    /** Elements; one value of state is read and written whole. */
    private static final int MOST = 1000;

    /** Of characters; Dapr keeps its own parts of a key apart by two bars. */
    private static final Pattern KEY = Pattern.compile("(?!.*\\|\\|)\\P{Cntrl}{1,500}", Pattern.DOTALL);

    private final Dapr dapr;

    public YamlState(Dapr dapr) {
        this.dapr = dapr;
    }

    /** @throws IllegalArgumentException for what Dapr or a store cannot have as a key: that is no outage */
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

    /** The value of a key becomes the body; {@code null} where there is none. */
    public void get(Exchange exchange, @ExchangeProperty("key") String key) {
        Stored stored = dapr.read(at(key));
        exchange.setProperty(READ, stored);
        exchange.getMessage().setBody(stored.absent() ? "null" : stored.tree().toString());
    }

    /** The body becomes the value of a key, whatever was there. */
    public void save(Exchange exchange, @ExchangeProperty("key") String key, @ExchangeProperty("kept") String kept) {
        dapr.commit(new Transaction().put(at(key), Bodies.tree(exchange), Duration.parse(kept)));
    }

    /**
     * The body becomes the last element of the list under a key.
     *
     * @throws IllegalStateException when the list is full
     */
    public void append(Exchange exchange, @ExchangeProperty("key") String key) {
        for (int tries = 1; ; tries++) {
            Stored stored = dapr.read(at(key));
            ArrayNode list = stored.absent() ? Json.array() : stored.as(ArrayNode.class);
            list.add(Bodies.tree(exchange));
            if (list.size() > MOST || list.toString().length() > Weight.LONGEST) {
                throw new IllegalStateException(
                        "the list " + key + " has at most " + MOST + " elements and " + Weight.LONGEST + " characters");
            }
            try {
                dapr.commit(new Transaction().replace(stored, list));
                return;
            } catch (Unavailable e) {
                // Somebody else was first, or it is away; after a lost answer the element may stand there twice.
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * The value this exchange got is taken away.
     *
     * @throws Unavailable when it is another by now
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
     * Ends the exchange unless it is the first of its file with this key. The same exchange, or the same event tried again, goes on and is
     * remembered anew.
     *
     * @param kept how long it is remembered, ISO 8601
     */
    public void first(Exchange exchange, @ExchangeProperty("key") String key, @ExchangeProperty("kept") String kept) {
        String mark = at(FIRST + exchange.getContext().getName() + "/", key);
        String owner = owner(exchange);
        Stored stored = dapr.read(mark);
        if (stored.absent() || owner.equals(stored.as(String.class))) {
            try {
                dapr.commit(new Transaction().replace(stored, owner, Duration.parse(kept)));
                return;
            } catch (Unavailable e) {
                // Perhaps written, perhaps another was first: the mark tells.
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

    /** A message that is no event has a name of its own; not the exchange's id: a Kamelet works on a copy. */
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
