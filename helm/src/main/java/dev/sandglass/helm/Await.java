package dev.sandglass.helm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Waits until somebody listens at each of the addresses: what a trial brings along starts together with the services. */
public final class Await {
    private static final int MILLIS = 1000;

    private Await() {}

    /** @param args addresses, {@code host:port} */
    public static void main(String[] args) throws InterruptedException {
        for (String address : args) {
            String[] parts = address.split(":");
            while (!listens(parts[0], Integer.parseInt(parts[1]))) {
                Thread.sleep(MILLIS);
            }
        }
    }

    private static boolean listens(String host, int port) {
        try (Socket socket = new Socket()) {
            // A name that is not known yet is looked up anew each time.
            socket.connect(new InetSocketAddress(host, port), MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
