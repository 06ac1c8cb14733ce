package dev.sandglass.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One question to a part: can it be used now? Without a clear yes it is a no. */
interface Probe {
    int PATIENCE_MILLIS = 2_000;

    /** @throws IOException if it does not answer, which is a no as well */
    Answer ask() throws IOException;

    /**
     * @param lacks the missing thing, empty for yes
     * @param borne the time with the same answer after which it is started again; null for never
     */
    record Answer(String lacks, @Nullable Duration borne) {
        static final Answer YES = new Answer("", null);

        static Answer no(String lacks) {
            return new Answer(lacks, null);
        }

        static Answer of(boolean yes) {
            return yes ? YES : no("does not answer yet");
        }

        boolean yes() {
            return lacks.isEmpty();
        }
    }

    /** The answer; without one it is no. */
    default Answer answer() {
        try {
            return ask();
        } catch (IOException e) {
            return Answer.of(false);
        }
    }

    /** Yes if a service is ready, by its health; otherwise no, with the parts it waits for. */
    static Probe ready(int port) {
        return () -> {
            Got got = get(port, "/q/health/ready", "");
            return got.status == 200 ? Answer.YES : Answer.no(waitsFor(got.body));
        };
    }

    /** The messages of the checks that are down (MicroProfile Health), in words. */
    static String waitsFor(String health) throws IOException {
        List<String> words = new ArrayList<>();
        for (JsonNode check : new ObjectMapper().readTree(health).path("checks")) {
            if (check.path("status").asText().equals("DOWN")) {
                String what = check.at("/data/waitsFor").asText();
                words.add(what.isEmpty() ? check.path("name").asText() : what);
            }
        }
        return words.isEmpty() ? "is not ready yet" : "waits for " + String.join(", ", words);
    }

    /** Yes if a process listens. */
    static Probe listens(int port) {
        return () -> {
            connect(port).close();
            return Answer.YES;
        };
    }

    /** Yes if PostgreSQL asks for the password, which it does only once it takes connections. */
    static Probe postgres(int port, String user, String database) {
        return () -> {
            try (Socket socket = connect(port)) {
                byte[] names =
                        ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.US_ASCII);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(8 + names.length);
                out.writeInt(3 << 16);
                out.write(names);
                out.flush();
                return Answer.of(socket.getInputStream().read() == 'R');
            }
        };
    }

    /**
     * Creates these topics and says yes if they exist: if the first reader made a topic, it would wait for its next look at the
     * metadata. A CreateTopics request (version 2) needs the controller too, so a yes means a broker that works.
     *
     * @param topics each with its number of partitions
     */
    static Probe kafka(int port, Map<String, Integer> topics) {
        return () -> {
            try (Socket socket = connect(port)) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                DataOutputStream request = new DataOutputStream(bytes);
                request.writeShort(19);
                request.writeShort(2);
                request.writeInt(1);
                request.writeUTF("run");
                request.writeInt(topics.size());
                for (Map.Entry<String, Integer> topic : topics.entrySet()) {
                    request.writeUTF(topic.getKey());
                    request.writeInt(topic.getValue());
                    request.writeShort(1);
                    request.writeInt(0);
                    request.writeInt(0);
                }
                request.writeInt(PATIENCE_MILLIS);
                request.writeBoolean(false);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(bytes.size());
                out.write(bytes.toByteArray());
                out.flush();

                DataInputStream in = new DataInputStream(socket.getInputStream());
                in.readInt();
                in.readInt();
                in.readInt();
                int answered = in.readInt();
                boolean there = answered == topics.size();
                for (int i = 0; i < answered; i++) {
                    in.readUTF();
                    short error = in.readShort();
                    int message = in.readShort();
                    in.skipNBytes(Math.max(0, message));
                    there &= error == 0 || error == TOPIC_ALREADY_EXISTS;
                }
                return Answer.of(there);
            }
        };
    }

    short TOPIC_ALREADY_EXISTS = 36;

    /** An answer to a GET. */
    record Got(int status, String body) {}

    /** @param token for a sidecar, empty for none */
    static Got get(int port, String path, String token) throws IOException {
        HttpURLConnection call = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        call.setConnectTimeout(PATIENCE_MILLIS);
        call.setReadTimeout(PATIENCE_MILLIS);
        call.setRequestProperty("dapr-api-token", token);
        try {
            int status = call.getResponseCode();
            try (InputStream body = status < 400 ? call.getInputStream() : call.getErrorStream()) {
                return new Got(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            call.disconnect();
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(2 * PATIENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
