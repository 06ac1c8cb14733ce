package dev.sandglass.events;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvents 1.0 envelope in JSON format, with JSON data.
 *
 * @param subject what the event is about, here the id of a task or a list
 * @param dataschema names the schema of {@code data} with its version
 * @param traceparent the trace it belongs to (W3C Trace Context, by the CloudEvents extension of that name), if there is one
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudEvent(
        String specversion,
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        String datacontenttype,
        @Nullable String dataschema,
        JsonNode data,
        @Nullable String traceparent) {

    static final String SCHEMAS = "https://sandglass.dev/schemas/";

    /** An event of ours: version 1 of the named schema. */
    public CloudEvent(
            String id, String source, String type, String subject, Instant time, String schema, JsonNode data) {
        this("1.0", id, source, type, subject, time, "application/json", SCHEMAS + schema + ".v1.json", data, null);
    }

    /** The same event, as a part of a trace. */
    public CloudEvent traced(@Nullable String trace) {
        return trace == null
                ? this
                : new CloudEvent(
                        specversion, id, source, type, subject, time, datacontenttype, dataschema, data, trace);
    }
}
