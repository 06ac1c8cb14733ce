package dev.sandglass.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.sandglass.events.Json;
import io.dapr.v1.CommonProtos;
import io.dapr.v1.DaprGrpc;
import io.dapr.v1.DaprInvokeProtos.InvokeServiceRequest;
import io.dapr.v1.DaprPubsubProtos.BulkPublishRequest;
import io.dapr.v1.DaprPubsubProtos.BulkPublishRequestEntry;
import io.dapr.v1.DaprPubsubProtos.PublishEventRequest;
import io.dapr.v1.DaprStateProtos.ExecuteStateTransactionRequest;
import io.dapr.v1.DaprStateProtos.GetStateRequest;
import io.dapr.v1.DaprStateProtos.TransactionalStateOperation;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * The floor: the Dapr calls a row cannot do without, sent straight to a sidecar. It is a sidecar of the bench's own, of the same
 * program with the same components and flags as <em>task</em>'s: so its keys, its consumer group, its metrics and its processor time
 * are apart from the product's. Keys are forgotten by themselves after a quarter of an hour.
 */
final class Floor implements AutoCloseable {
    private static final String TTL = "900";
    private static final String ONE = "bench";
    private static final String MANY = "bench-bulk";
    private static final List<String> TOPICS = List.of(ONE, MANY);
    /** As many as the product's topics have. */
    private static final int PARTITIONS = 2;

    private static final int LIMIT = 15;
    private static final int BULK = 100;
    private static final Duration START = Duration.ofSeconds(60);
    private static final byte[] SUCCESS = "{\"status\":\"SUCCESS\"}".getBytes(UTF_8);

    /** The same calls over one of Dapr's two protocols. */
    interface Calls {
        /** One transaction of the same writes as a change of a list: its head replaced, a task and a change new. */
        Future<?> transaction(int list, int n);

        /** One read of a head. */
        Future<?> read(int list);

        /** One event. */
        Future<?> publish(String id);

        /** So many events of the topic for many, in one call. */
        Future<?> publishMany(List<String> ids);

        /** One call of the bench's own service through its sidecar. */
        Future<?> invoke();
    }

    private final Vertx vertx;
    private final Context loop;
    private final Http client;
    private final String token;
    private final Map<String, Integer> ports = new HashMap<>();
    private final Process process;
    private final HttpServer app;
    private final ManagedChannel channel;
    private final String head;
    private final String task;
    private final String change;
    private final String event;
    private final Map<String, Promise<Void>> awaited = new HashMap<>();
    private final Admin topics;
    private Consumer<Integer> heard = count -> {};

    /**
     * @param documents a head, a task and a change as the product writes them
     * @param event an event as the product publishes it
     */
    Floor(RunningStack stack, Vertx vertx, Http client, List<JsonNode> documents, JsonNode event)
            throws IOException, InterruptedException {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.client = client;
        this.token = stack.secret("dapr-api-token");
        this.head = documents.get(0).toString();
        this.task = documents.get(1).toString();
        this.change = documents.get(2).toString();
        this.event = event.toString();
        for (String port : List.of("app", "http", "grpc", "internal-grpc", "metrics")) {
            ports.put(port, free());
        }
        app = LoadGenerator.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(port("app"), "127.0.0.1"),
                Duration.ofSeconds(5));
        // A consumer that comes before its topic hears of it half a minute later.
        topics = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + stack.part("kafka").port()));
        forget();
        try {
            topics.createTopics(TOPICS.stream()
                            .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                            .toList())
                    .all()
                    .get(LIMIT, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CannotMeasure("the floor's topics cannot be made: " + e.getMessage());
        }
        process = start(stack);
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("dapr-api-token", Metadata.ASCII_STRING_MARSHALLER), token);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port("grpc"))
                .usePlaintext()
                .directExecutor()
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
        awaitDeliveries();
    }

    Calls http() {
        return new OverHttp();
    }

    Calls grpc() {
        return new OverGrpc(DaprGrpc.newStub(channel));
    }

    long pid() {
        return process.pid();
    }

    int metrics() {
        return port("metrics");
    }

    /** Done when the event of this id was delivered to the bench's own service. */
    Future<Void> delivered(String id) {
        Promise<Void> promise = Promise.promise();
        awaited.put(id, promise);
        return promise.future();
    }

    /** Publishes an event; done when it was delivered. */
    Future<?> roundTrip(Calls calls) {
        String id = UUID.randomUUID().toString();
        Future<Void> delivered = delivered(id);
        return calls.publish(id).compose(sent -> delivered);
    }

    /** Publishes so many events, a hundred a call, eight calls at once; done when all were delivered. */
    Future<Void> drain(Calls calls, int count) {
        Promise<Void> all = Promise.promise();
        int[] left = {count};
        loop.runOnContext(go -> {
            heard = some -> {
                left[0] -= some;
                if (left[0] <= 0) {
                    all.tryComplete();
                }
            };
            int[] next = {0};
            for (int i = 0; i < 8; i++) {
                publishOn(calls, next, count, all);
            }
        });
        return all.future();
    }

    private void publishOn(Calls calls, int[] next, int count, Promise<Void> all) {
        int from = next[0];
        if (from >= count) {
            return;
        }
        next[0] += BULK;
        List<String> ids = new ArrayList<>();
        for (int i = from; i < Math.min(count, from + BULK); i++) {
            ids.add(Integer.toString(i));
        }
        calls.publishMany(ids)
                .onFailure(all::tryFail)
                .onSuccess(sent -> loop.runOnContext(go -> publishOn(calls, next, count, all)));
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        LoadGenerator.await(app.close(), Duration.ofSeconds(5));
        forget();
        topics.close(Duration.ofSeconds(LIMIT));
    }

    /** Deletes the topics; they may be those of a bench that was killed. */
    private void forget() throws InterruptedException {
        for (String topic : TOPICS) {
            try {
                topics.deleteTopics(List.of(topic)).all().get(LIMIT, TimeUnit.SECONDS);
                // The broker says so before it is done.
                while (topics.listTopics().names().get(LIMIT, TimeUnit.SECONDS).contains(topic)) {
                    Thread.sleep(100);
                }
            } catch (ExecutionException | TimeoutException e) {
                // It was not there, or stays: harmless, as nobody hears it.
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ the bench as a
    // Dapr service

    private void serve(HttpServerRequest request) {
        switch (request.path()) {
            case "/dapr/subscribe" ->
                request.response()
                        .putHeader("Content-Type", "application/json")
                        .end(Json.text(List.of(
                                Map.of("pubsubname", "pubsub", "topic", ONE, "route", "/one"),
                                Map.of(
                                        "pubsubname",
                                        "pubsub",
                                        "topic",
                                        MANY,
                                        "route",
                                        "/many",
                                        "bulkSubscribe",
                                        Map.of("enabled", true, "maxMessagesCount", BULK, "maxAwaitDurationMs", 10)))));
            case "/one" ->
                request.body().onSuccess(body -> {
                    request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(Buffer.buffer(SUCCESS));
                    one(idOf(body));
                });
            case "/many" -> request.body().onSuccess(body -> many(request, body));
            default -> request.response().end();
        }
    }

    private void one(String id) {
        Promise<Void> promise = awaited.remove(id);
        if (promise != null) {
            promise.tryComplete();
        }
    }

    private void many(HttpServerRequest request, Buffer body) {
        List<Map<String, String>> statuses = new ArrayList<>();
        for (JsonNode entry : Http.json(body).path("entries")) {
            statuses.add(Map.of("entryId", entry.path("entryId").asText(), "status", "SUCCESS"));
        }
        request.response().putHeader("Content-Type", "application/json").end(Json.text(Map.of("statuses", statuses)));
        heard.accept(statuses.size());
    }

    private static String idOf(Buffer event) {
        return Http.json(event).path("id").asText();
    }

    // -----------------------------------------------------------------------------------------------------------------
    // the sidecar

    private Process start(RunningStack stack) throws IOException, InterruptedException {
        Path own = stack.root().resolve("bench/target/sidecar.log");
        List<String> command = new ArrayList<>();
        for (String argument : stack.command("task-sidecar")) {
            if (argument.startsWith("--app-id=")) {
                command.add("--app-id=bench");
            } else if (argument.startsWith("--app-port=")) {
                command.add("--app-port=" + port("app"));
            } else if (argument.startsWith("--metrics-port=")) {
                command.add("--metrics-port=" + port("metrics"));
            } else if (argument.matches("--dapr-(http|grpc|internal-grpc)-port=.*")) {
                String kind = argument.substring("--dapr-".length(), argument.indexOf("-port="));
                command.add("--dapr-" + kind + "-port=" + port(kind));
            } else if (!argument.matches(
                    "--resources-path=.*/(subscriptions|endpoints)|--(enable-profiling|profile-port).*")) {
                command.add(argument);
            }
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                // The components name files relative to it.
                .directory(stack.data().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(own.toFile());
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DAPR_API_TOKEN", token);
        environment.put("APP_API_TOKEN", "bench");
        environment.put("DAPR_HOST_IP", "127.0.0.1");
        environment.put("KAFKA_BROKERS", "127.0.0.1:" + stack.part("kafka").port());
        environment.put("MAIL_PORT", "2525");
        environment.put("LIVE_GROUP", "bench-live");
        builder.environment().putAll(environment);
        Process started = builder.start();
        // A floor whose bench was killed would go on for ever.
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroy));
        return started;
    }

    /** A consumer group takes seconds until it is given its partitions. */
    private void awaitDeliveries() throws InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                LoadGenerator.await(
                        client.call(HttpMethod.GET, port("http"), "/v1.0/healthz", auth(), null, 204), START);
                Promise<Void> both = Promise.promise();
                loop.runOnContext(go -> roundTrip(http())
                        .compose(one -> drain(http(), 1))
                        .onComplete(done -> {
                            if (done.succeeded()) {
                                both.complete();
                            } else {
                                both.fail(done.cause());
                            }
                        }));
                LoadGenerator.await(both.future(), Duration.ofSeconds(5));
                return;
            } catch (IllegalStateException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new CannotMeasure(
                            "the floor's sidecar did not come up (bench/target/sidecar.log): " + e.getMessage());
                }
                Thread.sleep(200);
            }
        }
    }

    private int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException(name);
        }
        return port;
    }

    private String[] auth() {
        return new String[] {"dapr-api-token", token};
    }

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> keys(int list, int n) {
        return List.of("head/" + list, "task/" + list + "/" + n, "change/" + list + "/" + n);
    }

    private List<String> values() {
        return List.of(head, task, change);
    }

    private String cloudEvent(String id) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"bench\",\"type\":\"bench\","
                + "\"datacontenttype\":\"application/json\",\"data\":" + event + "}";
    }

    private final class OverHttp implements Calls {
        private final String[] headers = auth();

        @Override
        public Future<?> transaction(int list, int n) {
            StringBuilder body = new StringBuilder("{\"operations\":[");
            List<String> keys = keys(list, n);
            for (int i = 0; i < keys.size(); i++) {
                body.append(i == 0 ? "" : ",")
                        .append("{\"operation\":\"upsert\",\"request\":{\"key\":\"")
                        .append(keys.get(i))
                        .append("\",\"metadata\":{\"ttlInSeconds\":\"")
                        .append(TTL)
                        .append("\"},\"value\":")
                        .append(values().get(i))
                        .append("}}");
            }
            return post("/v1.0/state/state/transaction", body.append("]}").toString(), 204);
        }

        @Override
        public Future<?> read(int list) {
            return client.call(HttpMethod.GET, port("http"), "/v1.0/state/state/head%2F" + list, headers, null, 200)
                    .compose(Floor::there);
        }

        @Override
        public Future<?> publish(String id) {
            String[] more = {headers[0], headers[1], "Content-Type", "application/cloudevents+json"};
            return client.call(
                    HttpMethod.POST,
                    port("http"),
                    "/v1.0/publish/pubsub/" + ONE + "?metadata.partitionKey=bench",
                    more,
                    cloudEvent(id),
                    204);
        }

        @Override
        public Future<?> publishMany(List<String> ids) {
            StringBuilder body = new StringBuilder("[");
            for (String id : ids) {
                body.append(body.length() == 1 ? "" : ",")
                        .append("{\"entryId\":\"")
                        .append(id)
                        .append("\",\"contentType\":\"application/cloudevents+json\",\"event\":")
                        .append(cloudEvent(id))
                        .append(",\"metadata\":{\"partitionKey\":\"bench\"}}");
            }
            return post("/v1.0/publish/bulk/pubsub/" + MANY, body.append("]").toString(), 204);
        }

        @Override
        public Future<?> invoke() {
            return post("/v1.0/invoke/bench/method/invoked", task, 200);
        }

        private Future<Buffer> post(String path, String body, int wanted) {
            return client.call(HttpMethod.POST, port("http"), path, headers, body, wanted);
        }
    }

    private static Future<Buffer> there(Buffer value) {
        return value.length() > 0 ? Future.succeededFuture(value) : Future.failedFuture("the key is not there");
    }

    private final class OverGrpc implements Calls {
        private final DaprGrpc.DaprStub stub;

        OverGrpc(DaprGrpc.DaprStub stub) {
            this.stub = stub;
        }

        private DaprGrpc.DaprStub limited() {
            return stub.withDeadlineAfter(15, TimeUnit.SECONDS);
        }

        @Override
        public Future<?> transaction(int list, int n) {
            ExecuteStateTransactionRequest.Builder request =
                    ExecuteStateTransactionRequest.newBuilder().setStoreName("state");
            List<String> keys = keys(list, n);
            for (int i = 0; i < keys.size(); i++) {
                request.addOperations(TransactionalStateOperation.newBuilder()
                        .setOperationType("upsert")
                        .setRequest(CommonProtos.StateItem.newBuilder()
                                .setKey(keys.get(i))
                                .putMetadata("ttlInSeconds", TTL)
                                // As the product does: otherwise it is kept as base64.
                                .putMetadata("contentType", "application/json")
                                .setValue(ByteString.copyFromUtf8(values().get(i)))));
            }
            Answer<Empty> answer = new Answer<>();
            limited().executeStateTransaction(request.build(), answer);
            return answer.future();
        }

        @Override
        public Future<?> read(int list) {
            Answer<io.dapr.v1.DaprStateProtos.GetStateResponse> answer = new Answer<>();
            limited()
                    .getState(
                            GetStateRequest.newBuilder()
                                    .setStoreName("state")
                                    .setKey("head/" + list)
                                    .build(),
                            answer);
            return answer.future()
                    .compose(response -> there(Buffer.buffer(response.getData().toByteArray())));
        }

        @Override
        public Future<?> publish(String id) {
            Answer<Empty> answer = new Answer<>();
            limited()
                    .publishEvent(
                            PublishEventRequest.newBuilder()
                                    .setPubsubName("pubsub")
                                    .setTopic(ONE)
                                    .setDataContentType("application/cloudevents+json")
                                    .putMetadata("partitionKey", "bench")
                                    .setData(ByteString.copyFromUtf8(cloudEvent(id)))
                                    .build(),
                            answer);
            return answer.future();
        }

        @Override
        public Future<?> publishMany(List<String> ids) {
            BulkPublishRequest.Builder request =
                    BulkPublishRequest.newBuilder().setPubsubName("pubsub").setTopic(MANY);
            for (String id : ids) {
                request.addEntries(BulkPublishRequestEntry.newBuilder()
                        .setEntryId(id)
                        .setContentType("application/cloudevents+json")
                        .putMetadata("partitionKey", "bench")
                        .setEvent(ByteString.copyFromUtf8(cloudEvent(id))));
            }
            Answer<io.dapr.v1.DaprPubsubProtos.BulkPublishResponse> answer = new Answer<>();
            limited().bulkPublishEvent(request.build(), answer);
            return answer.future()
                    .compose(response -> response.getFailedEntriesCount() == 0
                            ? Future.succeededFuture()
                            : Future.failedFuture(response.getFailedEntries(0).getError()));
        }

        @Override
        public Future<?> invoke() {
            Answer<CommonProtos.InvokeResponse> answer = new Answer<>();
            limited()
                    .invokeService(
                            InvokeServiceRequest.newBuilder()
                                    .setId("bench")
                                    .setMessage(CommonProtos.InvokeRequest.newBuilder()
                                            .setMethod("invoked")
                                            .setContentType("application/json")
                                            .setData(com.google.protobuf.Any.newBuilder()
                                                    .setValue(ByteString.copyFromUtf8(task)))
                                            .setHttpExtension(CommonProtos.HTTPExtension.newBuilder()
                                                    .setVerb(CommonProtos.HTTPExtension.Verb.POST)))
                                    .build(),
                            answer);
            return answer.future();
        }
    }

    /** Brings an answer from gRPC's threads to the generator's loop. */
    private final class Answer<T> implements StreamObserver<T> {
        private final Promise<T> promise = Promise.promise();
        private @Nullable T value;

        Future<T> future() {
            return promise.future();
        }

        @Override
        public void onNext(T next) {
            value = next;
        }

        @Override
        public void onError(Throwable failure) {
            loop.runOnContext(go -> promise.tryFail(failure));
        }

        @Override
        public void onCompleted() {
            loop.runOnContext(go -> promise.tryComplete(value));
        }
    }
}
