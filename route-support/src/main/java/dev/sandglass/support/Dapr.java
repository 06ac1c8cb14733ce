package dev.sandglass.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.support.domain.Keyed;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every call a service makes to the world goes through here, each with a time limit. Values are JSON texts, kept as they are. A service
 * calls its sidecar ({@link SidecarDapr}); a file that is tried, and a unit test, calls what remembers.
 */
public interface Dapr {

    // ---------------------------------------------------------------- State

    /** A key that is there from the start: an answer of the state store that lacks it is not whole. */
    String WITNESS = "here";

    /**
     * Waits for the state store, and writes the witness where it is not there: no read was here yet, or one missed it.
     *
     * @return true where it was written
     * @throws Unavailable when the state store does not answer in time
     */
    default boolean beginState() {
        boolean absent = read(WITNESS).absent();
        if (absent) {
            commit(new Transaction().put(WITNESS, 1));
        }
        return absent;
    }

    /** @throws Unavailable when the state store does not answer in time */
    default Stored read(String key) {
        return Objects.requireNonNull(read(List.of(key)).get(key));
    }

    /**
     * Reads many keys at once.
     *
     * @return each key with what is stored there
     * @throws Unavailable when the state store does not answer in time
     */
    Map<String, Stored> read(Collection<String> keys);

    /**
     * Writes all or nothing.
     *
     * @throws Unavailable when it is not known to have been written: a conflict, a refusal, no answer in time. It may have been
     *     written all the same; read before you write again.
     */
    void commit(Transaction transaction);

    // ---------------------------------------------------------------- Pub/Sub

    /** @throws Unavailable when the broker did not take it in time; it may have taken it all the same */
    default void publish(String topic, String key, CloudEvent event) {
        if (!publish(topic, List.of(new Keyed(key, event))).isEmpty()) {
            throw new Unavailable("the broker", null);
        }
    }

    /**
     * Publishes many events in one call, each under its own key; those of one key keep their order.
     *
     * @return the indices, from 0, of those that the broker may not have
     * @throws Unavailable when that is true of all
     */
    Set<Integer> publish(String topic, List<Keyed> events);

    // ---------------------------------------------------------------- Service Invocation

    /**
     * Calls another service, again where nobody was there to answer: a replica that leaves is asked until its sidecar has hung up,
     * which is a moment after it has gone itself, and one that starts is met now and then until its port opens. Each method takes the
     * same call twice.
     *
     * @param verb GET, POST, or QUERY for a POST that only reads (as the HTTP method of that name, which Dapr 1.18 does not know): without
     *     an answer after a second it is asked once more beside, for the first may have met a replica that is gone; where the service
     *     says 503, once more too, for it may have met one that leaves
     * @param path without a leading slash; it may have a query
     * @param body JSON text, null for none
     * @param limit null: {@code sandglass.dapr.invoke-limit}
     * @return the JSON answer, a null node where it is empty
     * @throws Refused when the service answered with an error of 400 to 499
     * @throws CallFailed when it answered with a 500 of its own
     * @throws Unavailable when it could not be reached, lacked a part, or did not answer in time
     */
    JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration limit);

    /**
     * Posts to an address outside, by Dapr Service Invocation: the sidecar is what opens the connection. The endpoints {@code http} and
     * {@code https} of {@code dapr/endpoints} are the schemes.
     *
     * @param url {@code http://} or {@code https://}
     * @return the HTTP status of the answer
     * @throws Unavailable when nobody answered in time
     */
    int post(URI url, String body, Map<String, String> headers, Duration limit);

    // ---------------------------------------------------------------- Secrets

    /**
     * Reads a secret.
     *
     * @throws Unavailable when the secret store does not answer
     * @throws IllegalStateException when there is no such secret
     */
    String secret(String name);

    // ---------------------------------------------------------------- Jobs

    /**
     * Schedules a one-shot job that comes as {@code POST /job/<name>}; a job of the same name stays as it is.
     *
     * @param at RFC 3339, UTC
     * @throws Unavailable when there is no scheduler
     */
    void schedule(String name, String at, JsonNode data);

    // ---------------------------------------------------------------- Bindings

    /**
     * @param limit null: {@code sandglass.dapr.invoke-limit}
     * @throws Unavailable when the binding did not take it in time
     */
    void bind(String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit);

    /**
     * The names of the bindings that the sidecar has.
     *
     * @throws Unavailable when the sidecar does not answer
     */
    Set<String> bindings();

    // ---------------------------------------------------------------- Conversation

    /**
     * Asks a language model, by Dapr's Conversation API (alpha2).
     *
     * @param component that leads to the model
     * @param question JSON text of that API: messages, tools
     * @return the answer, in the form of that API
     * @throws Unavailable when there is no such component, or the model did not answer in time
     */
    JsonNode converse(String component, String question, Duration limit);

    // ---------------------------------------------------------------- The sidecar itself

    /** Tells if the sidecar answers and its components are loaded (it may still wait for this service). */
    boolean ready();

    /**
     * Tells if the sidecar finds itself by the name others call it by: one whose name resolution did not start goes on without (daprd
     * 1.18), and nobody reaches its service. The service itself need not answer.
     *
     * @param app this service's app id
     */
    boolean finds(String app);

    /** The Pub/Sub components that subscriptions are on and that the sidecar does not have: their broker was away when it started. */
    Set<String> awaitedBrokers();

    /**
     * Has the sidecar end (Dapr API: {@code POST /v1.0/shutdown}): it finishes what is under way and tells those connected to it. That takes
     * a moment, which is waited for.
     */
    void leave() throws InterruptedException;
}
