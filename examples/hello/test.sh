#!/bin/sh
# Starts the program that it is given and asks it over HTTP, with nothing but perl's core.
set -eu
program=$1

test "$("$program" --version)" = "$(cat "$(dirname "$0")/VERSION")"

"$program" 8081 &
trap 'kill $!' EXIT

ask() {
    perl -MIO::Socket::INET -e '
        my ($port, $path) = @ARGV;
        my $socket;
        for (1 .. 50) {
            $socket = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port) and last;
            select(undef, undef, undef, 0.1);
        }
        die "no answer\n" unless $socket;
        print $socket "GET $path HTTP/1.1\r\nHost: localhost\r\n\r\n";
        print <$socket>;
    ' 8081 "$1"
}

ask /healthz | grep -q '^ok$' && echo "ok: /healthz answers ok"
ask / | grep -q "^hello from version" && echo "ok: / says hello"
ask /nothing | grep -q '^HTTP/1.1 404' && echo "ok: an unknown path is 404"
