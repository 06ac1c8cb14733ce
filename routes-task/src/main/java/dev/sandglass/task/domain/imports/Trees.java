package dev.sandglass.task.domain.imports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sandglass.support.domain.Rejection;

/** JSON of a stranger: so deep and so much, and no more. */
final class Trees {
    private static final int DEEPEST = 50;
    /** Values, field names and brackets: 5,000 tasks of 30 fields. */
    private static final int MOST_TOKENS = 300_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Trees() {}

    /** @throws Rejection INVALID, naming the line */
    static JsonNode read(String json, int firstLine) {
        try {
            return MAPPER.readTree(json);
        } catch (StreamConstraintsException e) {
            throw Rejection.wrong("", "the JSON is nested deeper, or has more values, than any export of tasks");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            int line = firstLine - 1 + (at == null ? 1 : at.getLineNr());
            throw Rejection.wrong("", "line " + line + ": this is not JSON");
        }
    }
}
