package dev.sandglass.sync.domain;

import dev.sandglass.events.Json;
import dev.sandglass.events.TaskList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A socket that waits to be greeted, or for the lists that its client named.
 *
 * @param socket its id
 */
public record UserSocket(String socket, String user) {
    public static List<UserSocket> alone(UserSocket one) {
        return List.of(one);
    }

    /** The users of clients, each once. */
    public static List<String> users(List<UserSocket> clients) {
        return clients.stream().map(UserSocket::user).distinct().toList();
    }

    /** The same as a question to <em>task</em>. */
    public static String question(List<UserSocket> clients) {
        return about(users(clients));
    }

    /** Users as a question to <em>task</em>: {@code {"users":[…]}}. */
    public static String about(Collection<String> users) {
        return Json.text(Map.of("users", users));
    }

    /** The same lists, of their members those alone who arrived: they wait for minutes where <em>reminder</em> is away. */
    public static List<TaskList> lists(List<UserSocket> came, List<TaskList> lists) {
        Set<String> users = Set.copyOf(users(came));
        lists.forEach(list -> list.members().keySet().retainAll(users));
        return lists;
    }
}
