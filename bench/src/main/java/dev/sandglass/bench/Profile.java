package dev.sandglass.bench;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Shows where a part spends its processor time while a row is measured: a JVM by its flight recorder, a sidecar by its pprof port. */
final class Profile {
    private static final String RECORDING = "sandglass-bench";
    private static final int SECONDS = 20;

    private final RunningStack stack;
    private final String part;
    private final FlameGraph graph = new FlameGraph();
    private final @Nullable CompletableFuture<HttpResponse<byte[]>> pprof;

    /**
     * Begins.
     *
     * @param part of {@code ./run ps}
     * @throws CannotMeasure if it is neither a JVM nor a sidecar that serves profiles
     */
    Profile(RunningStack stack, String part) throws IOException, InterruptedException {
        this.stack = stack;
        this.part = part;
        if (part.endsWith("-sidecar")) {
            List<String> command = stack.command(part);
            if (!command.contains("--enable-profiling")) {
                throw new CannotMeasure(
                        "the sidecars of this stack serve no profiles: stop it (./run stop), and the bench starts one whose do");
            }
            URI uri = URI.create("http://127.0.0.1:" + stack.argument(part, "--profile-port")
                    + "/debug/pprof/profile?seconds=" + SECONDS);
            pprof = HttpClient.newHttpClient()
                    .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        } else if (RunningStack.SERVICES.contains(part) || part.equals("kafka")) {
            pprof = null;
            jcmd("JFR.start", "name=" + RECORDING, "settings=profile");
        } else {
            throw new CannotMeasure("./run bench --profile takes a service, its sidecar, or kafka; not " + part);
        }
    }

    /** Ends it, and writes the picture. */
    FlameGraph finish(Path svg) throws IOException, InterruptedException {
        if (pprof != null) {
            pprof(pprof.join().body(), graph);
        } else {
            Path recording = svg.resolveSibling(part + ".jfr").toAbsolutePath();
            jcmd("JFR.dump", "name=" + RECORDING, "filename=" + recording);
            jcmd("JFR.stop", "name=" + RECORDING);
            jvm(recording);
        }
        Files.writeString(svg, graph.svg(part));
        return graph;
    }

    private void jcmd(String... words) throws IOException, InterruptedException {
        Path java = Path.of(stack.command(part).get(0));
        List<String> command = new ArrayList<>(List.of(
                java.resolveSibling("jcmd").toString(),
                Long.toString(stack.part(part).pid())));
        Collections.addAll(command, words);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new CannotMeasure(String.join(" ", command) + " failed");
        }
    }

    private void jvm(Path recording) throws IOException {
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.ExecutionSample") && event.getStackTrace() != null) {
                    List<String> frames = new ArrayList<>();
                    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                        frames.add(frame.getMethod().getType().getName() + "."
                                + frame.getMethod().getName());
                    }
                    Collections.reverse(frames);
                    graph.add(frames, 1);
                }
            }
        }
    }

    /** A profile of pprof's (profile.proto of github.com/google/pprof), as far as stacks and their counts go. */
    static void pprof(byte[] zipped, FlameGraph graph) throws IOException {
        byte[] profile;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            profile = in.readAllBytes();
        }
        List<long[][]> samples = new ArrayList<>();
        Map<Long, List<Long>> locations = new HashMap<>();
        Map<Long, Integer> functions = new HashMap<>();
        List<String> strings = new ArrayList<>();
        each(CodedInputStream.newInstance(profile), (field, in) -> {
            switch (field) {
                case 2 -> samples.add(sample(in));
                case 4 -> location(in, locations);
                case 5 -> function(in, functions);
                case 6 -> strings.add(in.readStringRequireUtf8());
                default -> {
                    return false;
                }
            }
            return true;
        });
        for (long[][] sample : samples) {
            List<String> stack = new ArrayList<>();
            // pprof has the innermost first, and of an inlined call too.
            for (long location : sample[0]) {
                for (long function : locations.getOrDefault(location, List.of())) {
                    stack.add(strings.get(functions.getOrDefault(function, 0)));
                }
            }
            Collections.reverse(stack);
            graph.add(stack, sample[1].length == 0 ? 1 : sample[1][0]);
        }
    }

    private interface Field {
        /** @return whether it was read */
        boolean read(int field, CodedInputStream in) throws IOException;
    }

    private static void each(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(WireFormat.getTagFieldNumber(tag), in)) {
                in.skipField(tag);
            }
        }
    }

    /** Reads a message within a message. */
    private static void within(CodedInputStream in, Field field) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        each(in, field);
        in.popLimit(limit);
    }

    private static long[][] sample(CodedInputStream in) throws IOException {
        List<Long> locations = new ArrayList<>();
        List<Long> values = new ArrayList<>();
        within(in, (field, content) -> {
            if (field != 1 && field != 2) {
                return false;
            }
            List<Long> numbers = field == 1 ? locations : values;
            // Go packs them only where there are more than two.
            if (WireFormat.getTagWireType(content.getLastTag()) == WireFormat.WIRETYPE_VARINT) {
                numbers.add(content.readInt64());
                return true;
            }
            int limit = content.pushLimit(content.readRawVarint32());
            while (!content.isAtEnd()) {
                numbers.add(content.readInt64());
            }
            content.popLimit(limit);
            return true;
        });
        return new long[][] {
            locations.stream().mapToLong(one -> one).toArray(),
            values.stream().mapToLong(one -> one).toArray()
        };
    }

    private static void location(CodedInputStream in, Map<Long, List<Long>> locations) throws IOException {
        long[] id = new long[1];
        List<Long> functions = new ArrayList<>();
        within(in, (field, content) -> {
            switch (field) {
                case 1 -> id[0] = content.readUInt64();
                case 4 ->
                    within(content, (inner, line) -> {
                        if (inner != 1) {
                            return false;
                        }
                        functions.add(line.readUInt64());
                        return true;
                    });
                default -> {
                    return false;
                }
            }
            return true;
        });
        locations.put(id[0], functions);
    }

    private static void function(CodedInputStream in, Map<Long, Integer> functions) throws IOException {
        long[] read = new long[2];
        within(in, (field, content) -> {
            if (field != 1 && field != 2) {
                return false;
            }
            read[field - 1] = content.readInt64();
            return true;
        });
        functions.put(read[0], (int) read[1]);
    }
}
