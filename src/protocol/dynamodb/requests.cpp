#include "protocol/dynamodb/requests.hpp"

#include "protocol/dynamodb/json_text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace semantrix::dynamodb {
namespace {

constexpr std::array<std::string_view, 10> names{
    "GetItem", "PutItem",     "DeleteItem",    "BatchGetItem",       "BatchWriteItem",
    "Scan",    "CreateTable", "DescribeTable", "DescribeTimeToLive", "UpdateTimeToLive",
};

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

void append_key(std::string& out, std::string_view key) {
  out.append(R"({"key":{"S":)");
  append_json_string(out, key);
  out.append("}}");
}

}  // namespace

std::string_view to_string(Action action) noexcept {
  return names.at(static_cast<std::size_t>(action));
}

Requests::Requests(std::string_view table, std::string ttl_attribute, bool consistent_read)
    : ttl_attribute_(std::move(ttl_attribute)),
      consistent_(consistent_read),
      table_(json_string(table)),
      ttl_name_(json_string(ttl_attribute_)) {
  const std::string_view consistent = consistent_ ? ",\"ConsistentRead\":true" : "";
  get_head_ = fmt::format(R"({{"TableName":{},"Key":)", table_);
  get_tail_ = fmt::format(
      "{},\"ProjectionExpression\":\"#v,#e,#x,#k\",\"ExpressionAttributeNames\":{{\"#v\":\"value\","
      "\"#e\":{},\"#x\":\"expires_ms\",\"#k\":\"k\"}}}}",
      consistent, ttl_name_);
  projection_ = fmt::format(
      "{},\"ProjectionExpression\":\"#y,#v,#e,#x,#k\",\"ExpressionAttributeNames\":{{\"#y\":"
      "\"key\","
      "\"#v\":\"value\",\"#e\":{},\"#x\":\"expires_ms\",\"#k\":\"k\"}}",
      consistent, ttl_name_);
}

std::string Requests::get(std::string_view key) const {
  std::string body;
  body.reserve(get_head_.size() + key.size() + get_tail_.size() + 32);
  body.append(get_head_);
  append_key(body, key);
  return std::move(body.append(get_tail_));
}

std::string Requests::put(const NewItem& item, bool small) const {
  std::string body;
  body.reserve(512 + item.key.size() + item.value.size() / 3 * 4);
  body.append("{\"TableName\":").append(table_).append(",\"Item\":");
  append_item(body, item, ttl_attribute_);
  if (small) {
    body.append(
        ",\"ConditionExpression\":\"attribute_not_exists(#n)\",\"ExpressionAttributeNames\":{"
        "\"#n\":\"n\"}}");
  } else {
    body.append(R"(,"ReturnValues":"ALL_OLD"})");
  }
  return body;
}

std::string Requests::erase(std::string_view key) const {
  std::string body = get_head_;
  append_key(body, key);
  return std::move(body.append(R"(,"ReturnValues":"ALL_OLD"})"));
}

std::string Requests::batch_get(std::span<const std::string_view> keys) const {
  std::string body = "{\"RequestItems\":{" + table_ + ":{\"Keys\":[";
  for (const std::string_view key : keys) {
    if (body.back() != '[') body.push_back(',');
    append_key(body, key);
  }
  return std::move(body.append("]").append(projection_).append("}}}"));
}

std::string Requests::put_element(const NewItem& item) const {
  std::string element;
  element.reserve(256 + item.key.size() + item.value.size() / 3 * 4);
  element.append(R"({"PutRequest":{"Item":)");
  append_item(element, item, ttl_attribute_);
  return std::move(element.append("}}"));
}

std::string Requests::erase_element(std::string_view key) {
  std::string element = R"({"DeleteRequest":{"Key":)";
  append_key(element, key);
  return std::move(element.append("}}"));
}

std::string Requests::batch_write(std::span<const std::string_view> elements) const {
  std::string body = "{\"RequestItems\":{" + table_ + ":[";
  for (const std::string_view element : elements) {
    if (body.back() != '[') body.push_back(',');
    body.append(element);
  }
  return std::move(body.append("]}}"));
}

std::string Requests::scan(const ScanPage& page) const {
  std::string body = "{\"TableName\":" + table_;
  body += fmt::format(R"(,"Segment":{},"TotalSegments":{})", page.segment, page.segments);
  body += page.count_only ? std::string(R"(,"Select":"COUNT")")
                          : fmt::format(",\"Limit\":{}", most_items_to_list);
  if (!page.after.empty()) {
    body += ",\"ExclusiveStartKey\":";
    append_key(body, page.after);
  }
  std::string filter;
  std::string values;
  std::string used = page.count_only ? "" : R"("#y":"key")";
  const auto name = [&used](std::string_view placeholder, std::string_view json) {
    if (used.find(placeholder) != used.npos) return;
    used += fmt::format("{}\"{}\":{}", used.empty() ? "" : ",", placeholder, json);
  };
  if (!page.count_only) {
    body += R"(,"ProjectionExpression":"#y,#k,#c,#e,#x")";
    name("#k", "\"k\"");
    name("#c", "\"c\"");
    name("#e", ttl_name_);
    name("#x", "\"expires_ms\"");
  }
  if (page.live_at) {
    // A comparison with what is missing, or no number, is false: so each is written as what it
    // must not be.
    filter = "attribute_not_exists(#c) AND NOT #x <= :m AND (attribute_exists(#x) OR NOT #e <= :s)";
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*page.live_at).count();
    values = fmt::format(R"(":m":{{"N":"{}"}},":s":{{"N":"{}"}})", page.live_at->count(), seconds);
    name("#c", "\"c\"");
    name("#x", "\"expires_ms\"");
    name("#e", ttl_name_);
  }
  if (!page.prefix.empty()) {
    filter += filter.empty() ? "begins_with(#y,:p)" : " AND begins_with(#y,:p)";
    values += values.empty() ? "" : ",";
    values += R"(":p":{"S":)" + json_string(page.prefix) + "}";
    name("#y", "\"key\"");
  }
  if (!filter.empty()) {
    body += fmt::format(R"(,"FilterExpression":"{}","ExpressionAttributeValues":{{{}}})", filter,
                        values);
  }
  if (!used.empty()) body += fmt::format(",\"ExpressionAttributeNames\":{{{}}}", used);
  return std::move(body.append("}"));
}

std::string Requests::create_table(const NewTable& options) const {
  std::string body = fmt::format(
      "{{\"TableName\":{},\"AttributeDefinitions\":[{{\"AttributeName\":\"key\",\"AttributeType\":"
      "\"S\"}}],\"KeySchema\":[{{\"AttributeName\":\"key\",\"KeyType\":\"HASH\"}}],",
      table_);
  if (!options.read_capacity_units || !options.write_capacity_units) {
    return std::move(body.append(R"("BillingMode":"PAY_PER_REQUEST"})"));
  }
  return body + fmt::format(
                    "\"BillingMode\":\"PROVISIONED\",\"ProvisionedThroughput\":{{"
                    "\"ReadCapacityUnits\":{},\"WriteCapacityUnits\":{}}}}}",
                    *options.read_capacity_units, *options.write_capacity_units);
}

std::string Requests::describe() const { return "{\"TableName\":" + table_ + "}"; }

std::string Requests::enable_ttl() const {
  return fmt::format(
      R"({{"TableName":{},"TimeToLiveSpecification":{{"Enabled":true,"AttributeName":{}}}}})",
      table_, ttl_name_);
}

}  // namespace semantrix::dynamodb
