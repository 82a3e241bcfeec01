#include "aludel/curate/document/url.h"

#include <gtest/gtest.h>

namespace aludel::curate {
namespace {

TEST(Url, HasAHostAndARest) {
  const auto url = parse_url("HTTP://user:secret@WWW.Example.org.:8080/a?b#c");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "www.example.org");
  EXPECT_EQ(url->rest, "/a?b#c");
  EXPECT_EQ(parse_url("https://[2001:db8::1]:443/x")->host, "[2001:db8::1]");
  EXPECT_EQ(parse_url("https://[2001:db8::1]/x")->host, "[2001:db8::1]");
  EXPECT_EQ(parse_url("http://a.org?q")->rest, "?q");
  EXPECT_FALSE(parse_url("/usr/share/doc/x.html"));
  EXPECT_FALSE(parse_url("http:///x"));
  EXPECT_FALSE(parse_url(""));
}

TEST(NormalisedUrl, IsOneForm) {
  const std::string_view same[] = {
      "http://example.org/a~b?x=1",           "https://www.Example.ORG/a~b?x=1",
      "http://example.org:80/a%7Eb/?x=1#top", "https://user@example.org:443/a%7eb?utm_source=n&x=1",
      "http://example.org./a~b?x=1&gclid=7",
  };
  for (const std::string_view url : same) {
    EXPECT_EQ(normalise_url(url), "example.org/a~b?x=1") << url;
  }
  EXPECT_EQ(normalise_url("http://example.org/%e4%BD%a0"), "example.org/%E4%BD%A0");
  EXPECT_EQ(normalise_url("http://example.org/%2f%zz%4"), "example.org/%2F%zz%4");
  EXPECT_EQ(normalise_url("http://[::1]:81/"), "[::1]:81");
  EXPECT_EQ(normalise_url("http://[::1]/"), "[::1]");
  EXPECT_NE(normalise_url("http://example.org:81/"), normalise_url("http://example.org/"));
  EXPECT_EQ(normalise_url("ftp://example.org/"), "");
}

TEST(NormalisedUrl, DropsWhatDoesNotChangeThePage) {
  const std::string expected = "example.org/a/B?q=1&r=2";
  for (const std::string_view url :
       {"http://Example.ORG/a/B?q=1&r=2",
        "https://www.example.org:443/a/B/?q=1&utm_source=x&r=2#top",
        "HTTPS://example.org/a/B?fbclid=z&q=1&r=2", "http://example.org:80/a/B?q=1&r=2&gclid=7"}) {
    EXPECT_EQ(normalise_url(url), expected) << url;
  }
  EXPECT_EQ(normalise_url("http://example.org/"), normalise_url("https://example.org"));
  EXPECT_NE(normalise_url("http://example.org/a"), normalise_url("http://example.org/A"));
  EXPECT_EQ(normalise_url("/usr/share/doc/x.html"), "");
  EXPECT_EQ(normalise_url(""), "");
}

TEST(NormalisedUrl, EndsAtASchemeWithoutAnAddress) {
  for (const std::string_view url : {"http", "https", "http:", "https:/", "HTTP", "http//x"}) {
    EXPECT_EQ(normalise_url(url), "") << url;
  }
  EXPECT_EQ(normalise_url("http://"), "");
}

TEST(RegistrableDomain, FollowsThePublicSuffixList) {
  EXPECT_EQ(registrable_domain("a.b.co.uk"), "b.co.uk");
  EXPECT_EQ(registrable_domain("www.example.com.cn"), "example.com.cn");
  EXPECT_EQ(registrable_domain("someone.github.io"), "someone.github.io");
  EXPECT_EQ(registrable_domain("example.org"), "example.org");
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
  EXPECT_EQ(registrable_domain("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(registrable_domain("[2001:db8::1]"), "[2001:db8::1]");
  EXPECT_EQ(registrable_domain("localhost"), "localhost");
}

}  // namespace
}  // namespace aludel::curate
