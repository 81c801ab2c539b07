#!/usr/bin/perl
# A web server of one page: greets whoever asks.
use strict;
use warnings;
use IO::Socket::INET;

my $greeting = "Good day.\n";
my %pages = ('/' => $greeting, '/healthz' => "ok\n");

my $port = shift // 8080;
my $server = IO::Socket::INET->new(
    LocalAddr => '0.0.0.0',
    LocalPort => $port,
    Listen    => 16,
    ReuseAddr => 1,
) or die "port $port cannot be had: $@\n";
print "greeter listens on port $port\n";

while (my $client = $server->accept) {
    my ($path) = (<$client> // '') =~ m{^GET ([^ ?]+)};
    while (my $header = <$client>) { last if $header =~ /^\r?\n$/ }
    my $page = $pages{ $path // '' };
    my $status = defined $page ? '200 OK' : '404 Not Found';
    my $body = $page // "there is no such page\n";
    print $client "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: ", length $body,
        "\r\nConnection: close\r\n\r\n", $body;
    close $client;
}
