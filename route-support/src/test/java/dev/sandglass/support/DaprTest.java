package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import io.dapr.v1.DaprBindingsProtos.InvokeBindingRequest;
import io.dapr.v1.DaprBindingsProtos.InvokeBindingResponse;
import io.dapr.v1.DaprGrpc;
import io.dapr.v1.DaprStateProtos.BulkStateItem;
import io.dapr.v1.DaprStateProtos.ExecuteStateTransactionRequest;
import io.dapr.v1.DaprStateProtos.GetBulkStateRequest;
import io.dapr.v1.DaprStateProtos.GetBulkStateResponse;
import io.dapr.v1.DaprStateProtos.GetStateRequest;
import io.dapr.v1.DaprStateProtos.GetStateResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.runtime.ShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reading many keys from a sidecar whose database breaks off in the middle: Dapr's PostgreSQL component then calls absent whatever did
 * not come. What is there is never taken for gone.
 */
@Tag("FR-012")
class DaprTest {
    private static final String LONG = "\"" + "x".repeat(9_000) + "\"";

    private final SortedMap<String, String> there = new TreeMap<>();
    /** How many rows still come before the connection breaks, once; and whether the database is back after that. */
    private int rows = Integer.MAX_VALUE;

    private boolean back = true;
    private int reads;
    private Map<String, String> bound = Map.of();
    private int writes;
    private Server server;
    private SidecarDapr dapr;

    @BeforeEach
    void sidecar() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Sidecar())
                .build()
                .start();
        System.setProperty("dapr.grpc.port", Integer.toString(server.getPort()));
        dapr = new SidecarDapr(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, "-");
        there.put("a", "1");
        there.put("z", LONG);
        dapr.beginState();
    }

    @AfterEach
    void end() throws Exception {
        dapr.stop(new ShutdownEvent());
        server.shutdownNow();
        System.clearProperty("dapr.grpc.port");
    }

    @Test
    void whatIsThereIsReadAndWhatIsNotIsAbsent() {
        Map<String, Stored> found = dapr.read(List.of("a", "b"));
        assertEquals("1", found.get("a").json());
        assertTrue(found.get("b").absent());
        assertEquals(2, found.size());
        reads = 0;
        dapr.read(List.of("a", "z"));
        assertEquals(1, reads, "where all is there, nothing is asked twice");
    }

    /** The witness is written once, when the service starts: whoever reads a route that reads need look for no write. */
    @Test
    void aReadWritesNothingAndWithoutTheWitnessNothingIsCalledAbsent() {
        dapr.beginState();
        assertEquals(1, writes, "what was there at the start is not written again");
        there.remove(Dapr.WITNESS);
        assertThrows(Unavailable.class, () -> dapr.read(List.of("a", "b")));
        assertEquals("1", dapr.read(List.of("a", "z")).get("a").json());
        assertEquals(1, writes);
    }

    @Test
    void theWitnessThatAReadMissedIsWrittenByWhoLooksAfterTheStateStore() {
        assertFalse(dapr.beginState(), "no read missed it");
        there.remove(Dapr.WITNESS);
        assertThrows(Unavailable.class, () -> dapr.read(List.of("a", "b")));
        assertTrue(dapr.beginState());
        assertTrue(dapr.read(List.of("a", "b")).get("b").absent());
        assertEquals(2, writes);
    }

    /** It came late, or another replica wrote it. */
    @Test
    void aWitnessThatIsThereAfterAllIsNotWrittenAgain() {
        there.remove(Dapr.WITNESS);
        assertThrows(Unavailable.class, () -> dapr.read(List.of("a", "b")));
        there.put(Dapr.WITNESS, "1");
        assertFalse(dapr.beginState());
        assertEquals(1, writes);
    }

    @Test
    void aDatabaseThatGoesAwayOverTheQuestionIsAway() {
        dapr.read(List.of("a", "b"));
        rows = 0;
        back = false;
        assertThrows(Unavailable.class, () -> dapr.read(List.of("a", "b")));
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForAgain() {
        dapr.read(List.of("a", "b"));
        for (int come = 0; come <= 4; come++) {
            rows = come;
            assertEquals(LONG, dapr.read(List.of("z", "a", "y")).get("z").json(), come + " rows came");
        }
        there.put("m", LONG);
        for (int come = 0; come <= 4; come++) {
            rows = come;
            assertEquals(LONG, dapr.read(List.of("z", "m", "y")).get("z").json(), come + " rows came");
        }
    }

    /** As daprd 1.18.1 says it. */
    @Test
    void aKeyThatTheSidecarDoesNotTakeIsTheCallersMistakeAndNotTheStoresAbsence() {
        assertEquals(
                Reason.UNREADABLE,
                assertThrows(Rejection.class, () -> dapr.read("a||b")).reason());
        assertEquals("1", dapr.read(List.of("a")).get("a").json(), "and others are served");
    }

    /** As daprd 1.18.2 says it. */
    @Test
    @Tag("FR-013")
    void aTimeThatTheStoreDoesNotTakeIsTheCallersMistakeAndNotTheStoresAbsence() {
        Transaction wrong = new Transaction().put("x", 1, Duration.ofDays(25_000));
        assertEquals(
                Reason.UNREADABLE,
                assertThrows(Rejection.class, () -> dapr.commit(wrong)).reason());
        assertEquals("1", dapr.read(List.of("a")).get("a").json(), "and others are served");
    }

    /** Daprd 1.18.2 sends no traceparent where it is empty, and where there is none one of zeros, which W3C Trace Context forbids. */
    @Test
    void aPostByABindingThatBelongsToNoTraceNamesNone() {
        dapr.bind("channel-ntfy", "create", "{}", Map.of("path", "/a"), null);
        assertEquals(Map.of("path", "/a", "traceparent", ""), bound);
    }

    private final class Sidecar extends DaprGrpc.DaprImplBase {
        @Override
        public void invokeBinding(InvokeBindingRequest request, StreamObserver<InvokeBindingResponse> answer) {
            bound = request.getMetadataMap();
            answer.onNext(InvokeBindingResponse.getDefaultInstance());
            answer.onCompleted();
        }

        @Override
        public void getState(GetStateRequest request, StreamObserver<GetStateResponse> answer) {
            if (there.containsKey(request.getKey())) {
                answer.onNext(GetStateResponse.newBuilder()
                        .setData(ByteString.copyFromUtf8(there.get(request.getKey())))
                        .build());
                answer.onCompleted();
                return;
            }
            if (!request.getKey().contains("||")) {
                answer.onNext(GetStateResponse.getDefaultInstance());
                answer.onCompleted();
                return;
            }
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("input key/keyPrefix '" + request.getKey() + "' can't contain '||'")
                    .asException());
        }

        @Override
        public void getBulkState(GetBulkStateRequest request, StreamObserver<GetBulkStateResponse> answer) {
            reads++;
            if (rows == 0 && !back) {
                rows = -1;
            } else if (rows < 0) {
                answer.onError(Status.INTERNAL.asException());
                return;
            }
            GetBulkStateResponse.Builder all = GetBulkStateResponse.newBuilder();
            int came = 0;
            for (String key : request.getKeysList().stream().sorted().toList()) {
                BulkStateItem.Builder item = all.addItemsBuilder().setKey(key);
                if (there.containsKey(key) && came++ < rows) {
                    item.setData(ByteString.copyFromUtf8(there.get(key))).setEtag("1");
                }
            }
            if (back) {
                rows = Integer.MAX_VALUE;
            }
            answer.onNext(all.build());
            answer.onCompleted();
        }

        @Override
        public void executeStateTransaction(ExecuteStateTransactionRequest request, StreamObserver<Empty> answer) {
            if (rows < 0) {
                answer.onError(Status.INTERNAL.asException());
                return;
            }
            if (request.getOperationsList().stream()
                    .map(operation -> operation.getRequest().getMetadataOrDefault("ttlInSeconds", "0"))
                    .anyMatch(ttl -> Long.parseLong(ttl) > Integer.MAX_VALUE)) {
                answer.onError(Status.INTERNAL
                        .withDescription("error while executing state transaction: error parsing TTL:"
                                + " incorrect value for metadata 'ttlInSeconds': must be -1 or greater")
                        .asException());
                return;
            }
            writes++;
            request.getOperationsList()
                    .forEach(operation -> there.put(
                            operation.getRequest().getKey(),
                            operation.getRequest().getValue().toStringUtf8()));
            answer.onNext(Empty.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
