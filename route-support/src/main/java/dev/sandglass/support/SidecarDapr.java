package dev.sandglass.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.CloudEvent;
import dev.sandglass.events.Json;
import dev.sandglass.events.Topics;
import dev.sandglass.support.domain.CleanPath;
import dev.sandglass.support.domain.Keyed;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import io.dapr.client.DaprClient;
import io.dapr.client.DaprClientBuilder;
import io.dapr.client.DaprHttp;
import io.dapr.client.domain.BulkPublishEntry;
import io.dapr.client.domain.BulkPublishRequest;
import io.dapr.client.domain.BulkPublishResponseFailedEntry;
import io.dapr.client.domain.ExecuteStateTransactionRequest;
import io.dapr.client.domain.GetBulkStateRequest;
import io.dapr.client.domain.GetStateRequest;
import io.dapr.client.domain.HttpExtension;
import io.dapr.client.domain.PublishEventRequest;
import io.dapr.client.domain.State;
import io.dapr.client.domain.StateOptions;
import io.dapr.client.domain.StateOptions.Concurrency;
import io.dapr.client.domain.StateOptions.Consistency;
import io.dapr.client.domain.TransactionalStateOperation;
import io.dapr.client.domain.TransactionalStateOperation.OperationType;
import io.dapr.config.Properties;
import io.dapr.exceptions.DaprException;
import io.dapr.serializer.DaprObjectSerializer;
import io.dapr.utils.TypeRef;
import io.dapr.v1.DaprGrpc;
import io.grpc.ManagedChannel;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;

/** The sidecar, over the Java SDK, and over HTTP where that cannot say it. */
@Singleton
@Named("dapr")
public class SidecarDapr implements Dapr {
    private static final Logger LOG = Logger.getLogger("dev.sandglass");
    private static final String STATE = "state";
    private static final String SECRETS = "secrets";
    /** Bytes: that many keys of the largest values; the sidecar's --max-body-size goes with it. */
    private static final String LARGEST_ANSWER = Integer.toString(32 * 1024 * 1024);

    /** Threads of the SDK's HTTP client, which only hand answers on; by default there is one for each of the first 1,024 calls. */
    private static final String THREADS = "8";

    /** Milliseconds in which a replica that leaves and its sidecar are gone. */
    private static final int LEAVING = 3000;

    /**
     * Milliseconds between two calls meanwhile. Short: beside a replica that starts, which others find for seconds before its port opens,
     * half of the calls meet it, and 20 in a row do so once in a million.
     */
    private static final int BETWEEN_CALLS = 150;

    /** Daprd 1.18 tries an address that does not answer for three seconds before it looks for another. */
    private static final Duration SECOND_QUERY = Duration.ofSeconds(1);

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    private static final Duration A_MOMENT = Duration.ofMillis(100);

    /** The calls of our services to each other, as task-events' internal.yaml has them. */
    private static final String OURS = "internal/";

    /** The sidecar's words for a name that leads nowhere: nobody registered it, the resolver cannot look, there is none. */
    private static final List<String> UNFOUND = List.of("no host", "failed to look up", "name resolver");

    private static final int KEYS_PER_READ = 100;
    /** Bytes; it begins with its code. */
    private static final int ITS_OWN_ERROR = 100;

    private final Duration stateLimit;
    private final Duration publishLimit;
    private final Duration invokeLimit;
    private final String http;
    private final String token;
    private final DaprClient client;
    /** Services of which nobody was there for as long as a replica takes to leave: until one answers, one call is enough. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    /** True once the witness was there; false again where a read missed it. */
    private volatile boolean witnessed;

    private final Circuit circuit = new Circuit(System::nanoTime);
    private final HttpClient calls =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    @Inject
    public SidecarDapr(
            @ConfigProperty(name = "sandglass.dapr.state-limit") Duration stateLimit,
            @ConfigProperty(name = "sandglass.dapr.publish-limit") Duration publishLimit,
            @ConfigProperty(name = "sandglass.dapr.invoke-limit") Duration invokeLimit,
            @ConfigProperty(name = "dapr.http.port", defaultValue = "3500") int httpPort,
            @ConfigProperty(name = "dapr.api.token", defaultValue = "-") String token) {
        this.stateLimit = stateLimit;
        this.publishLimit = publishLimit;
        this.invokeLimit = invokeLimit;
        this.http = "http://127.0.0.1:" + httpPort;
        this.token = token;
        // A call that took too long ends one day too, and whoever asked was told long before.
        Hooks.onErrorDropped(late -> LOG.debugf("too late: %s", late));
        this.client = new DaprClientBuilder()
                .withObjectSerializer(new Text())
                .withStateSerializer(new Text())
                .withPropertyOverride(Properties.GRPC_MAX_INBOUND_MESSAGE_SIZE_BYTES, LARGEST_ANSWER)
                .withPropertyOverride(Properties.HTTP_CLIENT_MAX_REQUESTS, THREADS)
                .build();
    }

    // ---------------------------------------------------------------- State

    @Override
    public boolean beginState() {
        boolean written = !witnessed && Dapr.super.beginState();
        witnessed = true;
        return written;
    }

    @Override
    public Stored read(String key) {
        GetStateRequest request = new GetStateRequest(STATE, key)
                .setStateOptions(new StateOptions(Consistency.STRONG, Concurrency.FIRST_WRITE));
        return stored(store(client.getState(request, TypeRef.STRING)));
    }

    @Override
    public Map<String, Stored> read(Collection<String> keys) {
        Map<String, Stored> found = new HashMap<>();
        List<String> all = List.copyOf(keys);
        if (all.size() == 1) {
            // The absence of a single key is certain.
            return Map.of(all.get(0), read(all.get(0)));
        }
        for (int from = 0; from < all.size(); from += KEYS_PER_READ) {
            found.putAll(readWhole(all.subList(from, Math.min(all.size(), from + KEYS_PER_READ))));
        }
        return found;
    }

    /**
     * A connection that breaks over a bulk read is passed over by Dapr's PostgreSQL component (1.18 does not look at
     * {@code rows.Err()}), and what did not come is called absent. So that is asked for again, with a key that is there.
     */
    private Map<String, Stored> readWhole(List<String> keys) {
        Map<String, Stored> found = new HashMap<>(readAsAnswered(keys));
        List<String> doubtful = new ArrayList<>(keys);
        doubtful.removeAll(found.keySet());
        if (!doubtful.isEmpty()) {
            doubtful.add(WITNESS);
            Map<String, Stored> again = readAsAnswered(doubtful);
            if (!again.containsKey(WITNESS)) {
                witnessed = false;
                throw new Unavailable("the state store", new IllegalStateException("its answer was not whole"));
            }
            found.putAll(again);
            doubtful.forEach(key -> found.putIfAbsent(key, new Stored(key, null, null)));
            found.remove(WITNESS);
        }
        return found;
    }

    /** The documents that the store says it has. */
    private Map<String, Stored> readAsAnswered(List<String> keys) {
        GetBulkStateRequest request = new GetBulkStateRequest(STATE, keys).setParallelism(0);
        Map<String, Stored> found = new HashMap<>();
        for (State<String> state : store(client.getBulkState(request, TypeRef.STRING))) {
            if (state.getError() != null && !state.getError().isEmpty()) {
                throw new Unavailable("the state store", new IllegalStateException(state.getError()));
            }
            Stored stored = stored(state);
            if (!stored.absent()) {
                found.put(stored.key(), stored);
            }
        }
        return found;
    }

    @Override
    public void commit(Transaction transaction) {
        List<TransactionalStateOperation<?>> operations = new ArrayList<>();
        for (Transaction.Write write : transaction.writes()) {
            operations.add(new TransactionalStateOperation<>(
                    write.json() == null ? OperationType.DELETE : OperationType.UPSERT,
                    new State<>(write.key(), write.json(), write.etag(), metadata(write), options(write))));
        }
        store(client.executeStateTransaction(new ExecuteStateTransactionRequest(STATE).setOperations(operations)));
    }

    private static Map<String, String> metadata(Transaction.Write write) {
        return write.kept() == null
                ? Map.of()
                : Map.of("ttlInSeconds", Long.toString(write.kept().toSeconds()));
    }

    private static StateOptions options(Transaction.Write write) {
        boolean guarded = write.guard() != Transaction.Guard.NONE;
        return new StateOptions(Consistency.STRONG, guarded ? Concurrency.FIRST_WRITE : Concurrency.LAST_WRITE);
    }

    private static Stored stored(State<String> state) {
        String value = state.getValue();
        return value == null || value.isEmpty()
                ? new Stored(state.getKey(), null, null)
                : new Stored(state.getKey(), value, state.getEtag());
    }

    private <T> T store(Mono<T> call) {
        try {
            return circuit.call(() -> within(stateLimit, call, "the state store"));
        } catch (Unavailable e) {
            if (e.refused()) {
                LOG.debugf("refused: %s", e.getCause());
                throw new Rejection(Reason.UNREADABLE, "The state store does not take this key, value or time");
            }
            throw e;
        }
    }

    // ---------------------------------------------------------------- Pub/Sub

    @Override
    public void publish(String topic, String key, CloudEvent event) {
        PublishEventRequest request = new PublishEventRequest(Topics.PUBSUB, topic, Json.text(event))
                .setContentType("application/cloudevents+json")
                .setMetadata(Map.of("partitionKey", key));
        within(publishLimit, Trace.within(event.traceparent(), client.publishEvent(request)), "the broker");
    }

    @Override
    public Set<Integer> publish(String topic, List<Keyed> events) {
        if (events.size() == 1) {
            publish(topic, events.get(0).key(), events.get(0).event());
            return Set.of();
        }
        List<BulkPublishEntry<String>> entries = new ArrayList<>();
        for (Keyed one : events) {
            entries.add(new BulkPublishEntry<>(
                    Integer.toString(entries.size()),
                    traced(one.event()),
                    "application/cloudevents+json",
                    Map.of("partitionKey", one.key())));
        }
        return within(
                        publishLimit,
                        client.publishEvents(new BulkPublishRequest<>(Topics.PUBSUB, topic, entries)),
                        "the broker")
                .getFailedEntries()
                .stream()
                .map(BulkPublishResponseFailedEntry::getEntry)
                .map(entry -> Integer.valueOf(entry.getEntryId()))
                .collect(Collectors.toSet());
    }

    /** An event among many keeps its own trace only if it has Dapr's older attribute too. */
    private static String traced(CloudEvent event) {
        return event.traceparent() == null
                ? Json.text(event)
                : Json.<ObjectNode>tree(event)
                        .put("traceid", event.traceparent())
                        .toString();
    }

    // ---------------------------------------------------------------- Service Invocation

    @Override
    public JsonNode invoke(String app, String verb, String path, @Nullable String body, @Nullable Duration wanted) {
        Duration limit = Objects.requireNonNullElse(wanted, invokeLimit);
        long begun = System.nanoTime();
        while (true) {
            long spent = (System.nanoTime() - begun) / 1_000_000;
            try {
                JsonNode answer = ask(app, verb, path, body, limit.minusMillis(spent));
                gone.remove(app);
                return answer;
            } catch (Unanswered e) {
                spent = (System.nanoTime() - begun) / 1_000_000 + BETWEEN_CALLS;
                if (gone.contains(app) || spent >= Math.min(limit.toMillis(), LEAVING)) {
                    gone.add(app);
                    throw e;
                }
                try {
                    Thread.sleep(BETWEEN_CALLS);
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private JsonNode ask(String app, String verb, String path, @Nullable String body, Duration limit) {
        // The SDK writes the query anew.
        QueryStringDecoder asked = new QueryStringDecoder(path, UTF_8, true, Integer.MAX_VALUE, true);
        HttpExtension extension = new HttpExtension(
                "GET".equals(verb) ? DaprHttp.HttpMethods.GET : DaprHttp.HttpMethods.POST,
                asked.parameters(),
                Map.of());
        Map<String, String> headers = Map.of("Content-Type", "application/json");
        try {
            Mono<byte[]> call = Trace.within(
                    Trace.current(),
                    client.invokeMethod(
                            app,
                            asked.rawPath(),
                            body == null ? new byte[0] : body.getBytes(UTF_8),
                            extension,
                            headers));
            byte[] answer = ("QUERY".equals(verb)
                            ? Mono.firstWithSignal(call, call.delaySubscription(SECOND_QUERY))
                                    // A replica that leaves has lost its own sidecar under the read; another has one.
                                    .onErrorResume(SidecarDapr::lacksAPart, e -> call.delaySubscription(A_MOMENT))
                            : call)
                    .block(limit);
            if (answer == null || answer.length == 0) {
                if (path.startsWith(OURS)) {
                    // Seen once from a replica that was stopped; an answer to one of us is never empty.
                    IOException empty = new IOException("an empty answer");
                    throw "POST".equals(verb) ? new Unavailable(app, empty) : new Unanswered(app, empty);
                }
                return NullNode.getInstance();
            }
            return Json.read(new String(answer, UTF_8), JsonNode.class);
        } catch (DaprException e) {
            int status = e.getHttpStatusCode();
            if (status >= 400 && status < 500 && isItsOwn(e)) {
                throw new Refused(status, payload(e));
            }
            if (status == 500 && isItsOwn(e)) {
                throw new CallFailed(app, e);
            }
            throw status >= 500 && !isItsOwn(e) ? new Unanswered(app, e) : new Unavailable(app, e);
        } catch (Unavailable e) {
            throw e;
        } catch (RuntimeException e) {
            // Reactor wraps a refused connection, and says by an IllegalStateException that the time is over.
            throw new Unavailable(app, e);
        }
    }

    /** A sidecar answers 403 and 404 itself where an app may not be called or is not there; a problem document is the app's. */
    private static boolean isItsOwn(DaprException answer) {
        return payload(answer).contains("\"status\"");
    }

    private static String payload(DaprException answer) {
        return answer.getPayload() == null ? "" : new String(answer.getPayload(), UTF_8);
    }

    private static boolean lacksAPart(Throwable failure) {
        return failure instanceof DaprException answer && answer.getHttpStatusCode() == 503 && isItsOwn(answer);
    }

    @Override
    public int post(URI url, String body, Map<String, String> headers, Duration limit) {
        CleanPath.check(url);
        // The name of one of dapr/endpoints.
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        String origin = scheme + "://" + url.getRawAuthority();
        // The sidecar decodes the path once before it sends it.
        String path = Objects.requireNonNullElse(url.getRawPath(), "").replace("%", "%25");
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(http + "/v1.0/invoke/" + scheme + "/method/" + url.getRawAuthority() + path + query))
                .timeout(limit)
                .header("dapr-api-token", token)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        try {
            HttpResponse<InputStream> answer = send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream text = answer.body()) {
                // The sidecar's own answer: it could not get there.
                if (answer.statusCode() == 500
                        && new String(text.readNBytes(ITS_OWN_ERROR), UTF_8).contains("ERR_DIRECT_INVOKE")) {
                    throw new Unavailable(origin, new IOException("no connection"));
                }
            }
            return answer.statusCode();
        } catch (IOException e) {
            throw new Unavailable(origin, e);
        }
    }

    // ---------------------------------------------------------------- Secrets

    @Override
    public String secret(String name) {
        Map<String, String> secret = within(invokeLimit, client.getSecret(SECRETS, name), "the secret store");
        String value = secret == null ? null : secret.get(name);
        if (value == null) {
            throw new IllegalStateException("the secret store has no secret named " + name);
        }
        return value;
    }

    // ---------------------------------------------------------------- Jobs

    /** Over HTTP, since dapr-sdk 1.17 cannot say a failure policy in seconds. */
    @Override
    public void schedule(String name, String at, JsonNode data) {
        JsonNode job = Json.object()
                .put("dueTime", at)
                .<ObjectNode>set("data", data)
                // Without an interval and an end it would be gone three seconds into an outage; the sweep is the end.
                .set(
                        "failurePolicy",
                        Json.object()
                                .set(
                                        "constant",
                                        Json.object().put("interval", "1s").put("maxRetries", 60)));
        try {
            int status = api("jobs/" + URLEncoder.encode(name, UTF_8).replace("+", "%20"), invokeLimit, job.toString())
                    .statusCode();
            if (status >= 400 && status != 409) {
                throw new Unavailable("the scheduler", new IOException("status " + status));
            }
        } catch (IOException e) {
            throw new Unavailable("the scheduler", e);
        }
    }

    // ---------------------------------------------------------------- Bindings

    @Override
    public void bind(
            String binding, String operation, String data, Map<String, String> metadata, @Nullable Duration limit) {
        Map<String, String> traced = new HashMap<>(metadata);
        if (Trace.current() == null) {
            // Daprd 1.18 would send one of zeros, which W3C Trace Context forbids; an empty one it leaves out.
            traced.putIfAbsent("traceparent", "");
        }
        within(
                Objects.requireNonNullElse(limit, invokeLimit),
                client.invokeBinding(binding, operation, data.getBytes(UTF_8), traced),
                "binding " + binding);
    }

    @Override
    public Set<String> bindings() {
        String said = itself("metadata");
        if (said == null) {
            throw new Unavailable("the sidecar", null);
        }
        return Json.read(said, JsonNode.class)
                .path("components")
                .valueStream()
                .filter(component -> component.path("type").asText().startsWith("bindings."))
                .map(component -> component.path("name").asText())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    // ---------------------------------------------------------------- Conversation

    /** Over HTTP: what is asked and answered is JSON already. */
    @Override
    public JsonNode converse(String component, String question, Duration limit) {
        String part = "the model of component " + component;
        try {
            HttpResponse<String> answer = call("v1.0-alpha2/conversation/" + component + "/converse", limit, question);
            if (answer.statusCode() != 200) {
                throw new Unavailable(part, new IOException("status " + answer.statusCode()));
            }
            return Json.read(answer.body(), JsonNode.class);
        } catch (IOException | IllegalArgumentException e) {
            throw new Unavailable(part, e);
        }
    }

    // ---------------------------------------------------------------- The sidecar itself

    @Override
    public boolean ready() {
        try {
            boolean ready = api("healthz/outbound", A_SECOND, null).statusCode() < 300;
            if (ready) {
                connectNow();
            }
            return ready;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean finds(String app) {
        String said = itself("invoke/" + app + "/method/q/health/started");
        return said != null
                && (!said.contains("ERR_DIRECT_INVOKE") || UNFOUND.stream().noneMatch(said::contains));
    }

    @Override
    public Set<String> awaitedBrokers() {
        String said = itself("metadata");
        JsonNode metadata = said == null ? Json.object() : Json.read(said, JsonNode.class);
        Set<String> awaited = new TreeSet<>(metadata.path("subscriptions").findValuesAsText("pubsubname"));
        awaited.removeAll(metadata.path("components").findValuesAsText("name"));
        return awaited;
    }

    @Override
    public void leave() throws InterruptedException {
        try {
            api("shutdown", A_SECOND, "");
        } catch (IOException e) {
            LOG.warnf("The sidecar was not told to leave: %s", e);
        }
        long end = System.nanoTime() + LEAVING * 1_000_000L;
        while (ready() && System.nanoTime() < end) {
            Thread.sleep(20);
        }
    }

    /** The sidecar's answer about itself, in JSON; null where it does not answer. */
    private @Nullable String itself(String path) {
        try {
            String said = api(path, A_SECOND, null).body();
            return said.startsWith("{") ? said : null;
        } catch (IOException e) {
            return null;
        }
    }

    private HttpResponse<String> api(String path, Duration limit, @Nullable String body) throws IOException {
        return call("v1.0/" + path, limit, body);
    }

    /**
     * Calls the sidecar over HTTP.
     *
     * @param path with the version of the API
     * @param body of a POST; null for a GET
     */
    private HttpResponse<String> call(String path, Duration limit, @Nullable String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(http + "/" + path))
                .timeout(limit)
                .header("dapr-api-token", token);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> answer)
            throws IOException {
        try {
            return calls.send(request.build(), answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    void stop(@Observes ShutdownEvent stopping) throws Exception {
        client.close();
    }

    private <T> T within(Duration limit, Mono<T> call, String part) {
        try {
            return Trace.within(Trace.current(), call).block(limit);
        } catch (DaprException | IllegalStateException e) {
            // Reactor says by an IllegalStateException that the time is over.
            connectNow();
            throw new Unavailable(part, e);
        }
    }

    /**
     * Tries to connect now if there is no connection. By itself the channel waits longer after each try, up to two minutes, and fails
     * every call meanwhile, although the sidecar may long be back.
     */
    private void connectNow() {
        client.newGrpcStub("", channel -> {
            ((ManagedChannel) channel).resetConnectBackoff();
            return DaprGrpc.newStub(channel);
        });
    }

    /** The service itself did not answer: its sidecar said that it is not there. */
    private static final class Unanswered extends Unavailable {
        Unanswered(String app, Throwable cause) {
            super(app, cause);
        }
    }

    /** JSON texts go as they are, in both directions. */
    private static final class Text implements DaprObjectSerializer {
        @Override
        public byte[] serialize(@Nullable Object text) {
            return text == null
                    ? new byte[0]
                    : text instanceof byte[] bytes ? bytes : text.toString().getBytes(UTF_8);
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> @Nullable T deserialize(byte @Nullable [] data, TypeRef<T> type) {
            return data == null ? null : (T) (type.getType() == byte[].class ? data : new String(data, UTF_8));
        }

        @Override
        public String getContentType() {
            return "application/json";
        }
    }
}
