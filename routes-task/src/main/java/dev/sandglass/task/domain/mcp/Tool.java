package dev.sandglass.task.domain.mcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A tool of a model.
 *
 * @param shown as clients see it: its name, what it is for, what it takes and gives
 * @param operation of the API that it does; who may not call that may not call it
 * @param entries the argument whose entries are done one by one; null where all arguments are one
 * @param done the field of the result with what was done of them
 * @param reads whether it changes nothing
 */
public record Tool(
        String name,
        ObjectNode shown,
        String operation,
        @Nullable String entries,
        @Nullable String done,
        boolean reads) {}
