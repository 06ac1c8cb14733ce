package dev.sandglass.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class ProfileTest {
    private interface Message {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        message.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    /** Numbers of a repeated field: Go writes up to two one by one, more of them packed. */
    private static void numbers(CodedOutputStream out, int field, long... numbers) throws IOException {
        if (numbers.length > 2) {
            out.writeByteArray(field, bytes(packed -> {
                for (long number : numbers) {
                    packed.writeInt64NoTag(number);
                }
            }));
        } else {
            for (long number : numbers) {
                out.writeInt64(field, number);
            }
        }
    }

    @Test
    void aSidecarsSamplesAreCountedAsGoWritesThem() throws IOException {
        byte[] profile = bytes(out -> {
            for (String text : new String[] {"", "main", "work", "leaf"}) {
                out.writeString(6, text);
            }
            for (int i = 1; i <= 3; i++) {
                long id = i;
                out.writeByteArray(5, bytes(function -> {
                    function.writeUInt64(1, id);
                    function.writeInt64(2, id);
                }));
                out.writeByteArray(4, bytes(location -> {
                    location.writeUInt64(1, id);
                    location.writeByteArray(4, bytes(line -> line.writeUInt64(1, id)));
                }));
            }
            out.writeByteArray(2, bytes(sample -> {
                numbers(sample, 1, 2, 1);
                numbers(sample, 2, 3, 30_000_000);
            }));
            out.writeByteArray(2, bytes(sample -> {
                numbers(sample, 1, 3, 2, 1);
                numbers(sample, 2, 1, 10_000_000);
            }));
        });
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(profile);
        }

        FlameGraph graph = new FlameGraph();
        Profile.pprof(zipped.toByteArray(), graph);

        assertEquals(4, graph.samples());
        assertEquals("75.0 %  work", graph.hottest(1).get(0));
    }
}
