package dev.sandglass.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.sandglass.events.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that was measured in a run, and of what.
 *
 * @param commit the sources measured, with {@code +} where they were changed
 * @param date an instant
 * @param machine processor, cores, memory, system
 * @param jdk that of the services
 * @param flags of the services, by name
 * @param quick whether it was a short run, which loads less
 * @param load the machine's load average before: a figure of a busy machine is none
 * @param lateness how late the generator itself sent what was due
 * @param generator milliseconds of processor time a call costs the generator, and its own p50 against an empty answer
 * @param parts what each part has: megabytes of memory, seconds to start
 */
record Result(
        String commit,
        String date,
        String machine,
        String jdk,
        Map<String, String> flags,
        boolean quick,
        double load,
        Stat lateness,
        Generator generator,
        Map<String, Part> parts,
        List<Row> rows) {
    /** JSON has no NaN: what was not measured is null there. */
    private static final ObjectMapper MAPPER = Json.MAPPER
            .copy()
            .registerModule(new SimpleModule()
                    .addSerializer(double.class, new OrNull())
                    .addSerializer(Double.class, new OrNull())
                    .addDeserializer(double.class, new OrNaN())
                    .addDeserializer(Double.class, new OrNaN()));

    private static final class OrNull extends StdSerializer<Double> {
        OrNull() {
            super(Double.class);
        }

        @Override
        public void serialize(Double number, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (number.isNaN()) {
                out.writeNull();
            } else {
                out.writeNumber(number);
            }
        }
    }

    /** Takes the text "NaN" of older results too. */
    private static final class OrNaN extends StdDeserializer<Double> {
        OrNaN() {
            super(Double.class);
        }

        @Override
        public Double deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return _parseDoublePrimitive(in, context);
        }

        @Override
        public Double getNullValue(DeserializationContext context) {
            return Double.NaN;
        }

        @Override
        public Double getAbsentValue(DeserializationContext context) {
            return 0.0;
        }
    }

    /**
     * @param cpuMillis of processor time a call
     * @param echo an empty answer from the generator's own process
     */
    record Generator(double cpuMillis, Stat echo) {}

    /**
     * @param megabytes its own memory (PSS); NaN where the system does not tell
     * @param start seconds, by its own log; NaN where that does not tell
     */
    record Part(double megabytes, double start) {}

    static Result read(Path file) throws IOException {
        try {
            return MAPPER.readValue(Files.readString(file), Result.class);
        } catch (JsonProcessingException e) {
            throw new CannotMeasure(file + " is no result of ./run bench: " + e.getOriginalMessage());
        }
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }
}
