package dev.sandglass.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A supervisor whose part does not become healthy, and the command that waits for it. */
@Tag("FR-012")
class PatienceTest {
    private static final String PARTS = """
            [{"name":"audit","state":"starting","whole":false,"deaths":0,"log":"logs/audit.log",
              "note":"waits for the Dapr sidecar","needs":["audit-sidecar"]},
             {"name":"audit-sidecar","state":"stopped","whole":false,"deaths":0,"log":"logs/audit-sidecar.log",
              "note":"","needs":["kafka"]},
             {"name":"kafka","state":"running","whole":true,"deaths":0,"log":"logs/kafka.log","note":"","needs":[]}]
            """;

    @TempDir
    Path data;

    @Test
    void whenItGivesUpItSaysWhatThePartWaitsForAndNeeds() throws Exception {
        assertEquals(
                "\naudit is not healthy after 1 s: waits for the Dapr sidecar; it needs audit-sidecar (stopped). Its log is logs/audit.log.",
                lastTold(PARTS));
    }

    @Test
    void whereAllItNeedsRunsItShowsTheEndOfItsLog() throws Exception {
        Path log = Files.writeString(data.resolve("audit.log"), "first\nlast\n");
        assertEquals(
                "\naudit is not healthy after 1 s: waits for the Dapr sidecar.\nThe end of %s:\n  first\n  last"
                        .formatted(log),
                lastTold(PARTS.replace("stopped", "running").replace("logs/audit.log", log.toString())));
    }

    private String lastTold(String parts) throws Exception {
        HttpServer supervisor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        supervisor.createContext("/", call -> {
            byte[] said = (call.getRequestURI().getPath().equals("/ps") ? parts : "[\"audit\"]").getBytes();
            call.sendResponseHeaders(200, said.length);
            call.getResponseBody().write(said);
            call.close();
        });
        supervisor.start();
        PrintStream stderr = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true));
        try {
            ProcessHandle ourselves = ProcessHandle.current();
            Files.writeString(
                    data.resolve("supervisor.json"),
                    "{\"pid\":%d,\"started\":%d,\"port\":%d,\"token\":\"t\"}"
                            .formatted(
                                    ourselves.pid(),
                                    Orphans.started(ourselves),
                                    supervisor.getAddress().getPort()));
            Control control = Objects.requireNonNull(Control.of(data));
            Run run = new Run(Path.of("..").toAbsolutePath().normalize(), data);
            assertEquals(1, run.awaitParts(control, List.of("audit"), Duration.ofSeconds(1)));
        } finally {
            System.setErr(stderr);
            supervisor.stop(0);
        }
        return told.toString()
                .substring(told.toString().lastIndexOf("\naudit is"))
                .stripTrailing();
    }
}
