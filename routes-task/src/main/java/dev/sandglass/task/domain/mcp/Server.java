package dev.sandglass.task.domain.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandglass.events.Json;
import dev.sandglass.task.domain.mcp.RpcError.Code;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The description of the server and its tools. */
public final class Server {
    private static final String INSTRUCTIONS =
            "Sandglass keeps the user's tasks in lists, some of them shared. Tools take tasks by their ids, which find_tasks gives, and lists by"
                    + " id or name. Dates are local, 2027-01-31T09:00:00, or a day alone, 2027-01-31, in the task's time zone. Tools for"
                    + " several tasks do each by itself: look at `failed` before you say that all is done. undo takes back the last change.";

    /** Milliseconds for which a client need not ask again: the tools change with the version. */
    private static final int FRESH = 300_000;

    private final List<Tool> listed;
    private final Map<String, Tool> tools;
    private final String version;

    /** @param tools in the order in which they are listed */
    public Server(List<Tool> tools, String version) {
        this.listed = tools;
        this.tools = tools.stream().collect(Collectors.toMap(Tool::name, tool -> tool));
        this.version = version;
    }

    /**
     * @param message that calls no tool
     * @param allowed the tools that who asks may call
     * @throws RpcError for a method that is none of its revision
     */
    public ObjectNode answer(RpcMessage message, Predicate<Tool> allowed) {
        return message.answer(result(message, allowed), info());
    }

    /** @param result of a tool */
    public ObjectNode answer(RpcMessage message, ObjectNode result) {
        return message.answer(result, info());
    }

    /** @throws RpcError where the message names no tool of ours, or has no arguments that can be read */
    public Tool called(RpcMessage message) {
        JsonNode name = message.params().path("name");
        JsonNode arguments = message.params().path("arguments");
        if (!name.isTextual() || !arguments.isObject() && !arguments.isMissingNode()) {
            throw message.wrong(400, Code.PARAMS, "params needs name, a string, and may have arguments, an object");
        }
        Tool tool = tools.get(name.asText());
        if (tool == null) {
            throw new RpcError(200, Code.PARAMS, "Unknown tool: " + name.asText());
        }
        return tool;
    }

    private ObjectNode result(RpcMessage message, Predicate<Tool> allowed) {
        if (message.method().equals("tools/list")) {
            return tools(message, allowed);
        }
        if (message.modern() && message.method().equals("server/discover")) {
            return cached(about().<ObjectNode>set("supportedVersions", Json.tree(RpcMessage.VERSIONS)), "public");
        }
        if (!message.modern() && message.method().equals("initialize")) {
            String wanted = message.params().path("protocolVersion").asText();
            return about().put(
                            "protocolVersion", RpcMessage.LEGACY.contains(wanted) ? wanted : RpcMessage.LEGACY.get(0))
                    .set("serverInfo", info());
        }
        if (!message.modern() && message.method().equals("ping")) {
            return Json.object();
        }
        throw message.wrong(404, Code.NO_METHOD, "There is no method " + message.method() + " here");
    }

    private ObjectNode tools(RpcMessage message, Predicate<Tool> allowed) {
        if (message.params().has("cursor")) {
            throw message.wrong(400, Code.PARAMS, "All tools are on one page; no cursor was given out");
        }
        ArrayNode shown = Json.array();
        listed.stream().filter(allowed).forEach(tool -> shown.add(tool.shown()));
        ObjectNode result = Json.object().set("tools", shown);
        return message.modern() ? cached(result, "private") : result;
    }

    private static ObjectNode cached(ObjectNode result, String scope) {
        return result.put("ttlMs", FRESH).put("cacheScope", scope);
    }

    private static ObjectNode about() {
        ObjectNode about = Json.object().put("instructions", INSTRUCTIONS);
        about.putObject("capabilities").putObject("tools");
        return about;
    }

    private ObjectNode info() {
        return Json.object().put("name", "sandglass").put("title", "Sandglass").put("version", version);
    }
}
