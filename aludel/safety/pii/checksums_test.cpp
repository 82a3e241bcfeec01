#include "aludel/safety/pii/checksums.h"

#include <gtest/gtest.h>

namespace aludel::safety {
namespace {

TEST(Luhn, AcceptsCardsAndRefusesOneChangedDigit) {
  EXPECT_TRUE(luhn_is_valid("4111111111111111"));
  EXPECT_TRUE(luhn_is_valid("378282246310005"));
  EXPECT_FALSE(luhn_is_valid("4111111111111112"));
  EXPECT_FALSE(luhn_is_valid(""));
}

TEST(ResidentId, FollowsGb11643) {
  EXPECT_TRUE(chinese_resident_id_is_valid("11010519491231002X"));  // the standard's own example
  EXPECT_TRUE(chinese_resident_id_is_valid("11010519491231002x"));
  EXPECT_TRUE(chinese_resident_id_is_valid("440524188001010014") == false);  // born in 1880
  EXPECT_FALSE(chinese_resident_id_is_valid("110105194912310021"));
  EXPECT_FALSE(chinese_resident_id_is_valid("110105194902300026"));  // 30 February
  EXPECT_FALSE(chinese_resident_id_is_valid("990105194912310020"));  // no such province
}

TEST(Iban, HasItsCountrysLengthAndRemainderOne) {
  EXPECT_TRUE(iban_is_valid("GB82WEST12345698765432"));
  EXPECT_TRUE(iban_is_valid("gb82west12345698765432"));
  EXPECT_TRUE(iban_is_valid("DE89370400440532013000"));
  EXPECT_FALSE(iban_is_valid("GB82WEST12345698765433"));
  EXPECT_FALSE(iban_is_valid("GB82WEST1234569876543"));
  EXPECT_FALSE(iban_is_valid("ZZ82WEST12345698765432"));
  EXPECT_EQ(iban_length("no"), 15);
  EXPECT_EQ(iban_length("US"), 0);
}

TEST(CardPrefix, KnowsLengthsOfTheNetworks) {
  EXPECT_TRUE(card_prefix_is_valid("4111111111111111"));
  EXPECT_TRUE(card_prefix_is_valid("6222021234567890128"));
  EXPECT_TRUE(card_prefix_is_valid("378282246310005"));
  EXPECT_FALSE(card_prefix_is_valid("411111111111111"));   // Visa has no 15 digits
  EXPECT_FALSE(card_prefix_is_valid("1234567812345670"));  // nobody's range
}

TEST(MrzCheckDigit, IsThatOfTheSpecimen) {  // ICAO Doc 9303-4, appendix B
  EXPECT_EQ(mrz_check_digit("L898902C3"), 6);
  EXPECT_EQ(mrz_check_digit("740812"), 2);
  EXPECT_EQ(mrz_check_digit("ZE184226B<<<<<"), 1);
}

TEST(Entropy, IsZeroForOneLetterAndTwoForFour) {
  EXPECT_DOUBLE_EQ(shannon_entropy("aaaa"), 0.0);
  EXPECT_DOUBLE_EQ(shannon_entropy("abcd"), 2.0);
}

}  // namespace
}  // namespace aludel::safety
