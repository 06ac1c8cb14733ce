package dev.sandglass.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Many clients, each of which asks again as soon as it is answered. */
final class Crowd {
    /** The answer to one of them: the status, or -1 without an answer, and its time in milliseconds. */
    record Said(int status, boolean retryAfter, String body, long millis) {}

    private final Queue<Said> said = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /**
     * Lets them ask for a while.
     *
     * @param request the n-th of all
     */
    static Crowd of(int clients, Duration during, IntFunction<HttpRequest> request) {
        long end = System.nanoTime() + during.toNanos();
        return of(clients, n -> System.nanoTime() < end, request);
    }

    /** Lets them ask so many times in all. */
    static Crowd of(int clients, int times, IntFunction<HttpRequest> request) {
        return of(clients, n -> n < times, request);
    }

    private static Crowd of(int clients, IntPredicate more, IntFunction<HttpRequest> request) {
        Crowd crowd = new Crowd();
        AtomicInteger numbers = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add(crowd.ask(request, numbers, more));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        return crowd;
    }

    private CompletableFuture<Void> ask(IntFunction<HttpRequest> request, AtomicInteger numbers, IntPredicate more) {
        int number = numbers.getAndIncrement();
        if (!more.test(number)) {
            return CompletableFuture.completedFuture(null);
        }
        long start = System.nanoTime();
        return client.sendAsync(request.apply(number), HttpResponse.BodyHandlers.ofString())
                .handle((answer, failure) -> said.add(new Said(
                        failure == null ? answer.statusCode() : -1,
                        failure == null
                                && answer.headers().firstValue("Retry-After").isPresent(),
                        failure == null ? answer.body() : failure.toString(),
                        (System.nanoTime() - start) / 1_000_000)))
                .thenComposeAsync(next -> ask(request, numbers, more));
    }

    /** A request of somebody signed in. */
    static HttpRequest post(String token, String path, Object body) {
        try {
            return HttpRequest.newBuilder(URI.create(Stack.PAGE + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(Api.JSON.writeValueAsString(body)))
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Said> said(IntPredicate status) {
        return said.stream().filter(one -> status.test(one.status)).toList();
    }

    /** The time below which this share of answers came, milliseconds; 0 where there was none. */
    static long quantile(double share, List<Said> some) {
        long[] times = some.stream().mapToLong(Said::millis).sorted().toArray();
        return times.length == 0 ? 0 : times[Math.min(times.length - 1, (int) (share * times.length))];
    }
}
