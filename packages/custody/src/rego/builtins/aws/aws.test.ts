import { test } from "node:test";

import { checker } from "../calls.testing.ts";
import { awsBuiltins } from "./index.ts";

const check = checker(awsBuiltins);

test("providers.aws.sign_req adds the headers of a signature", () => {
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=7133c66a2f4667695a4c33de5e052f6f5291f58e564221db7e28bd2c544938d9","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d", "headers": {"Foo": "bar", "User-Agent": "x", "Bad": 1}}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=bad;foo;host;x-amz-content-sha256;x-amz-date,Signature=76eb3746f1a2c2ba8404ef8814f93c432236fe657dbcf91eb27eaebd99e83f6c","Bad":"","Foo":"bar","User-Agent":"x","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d", "body": {"b": 1, "a": "<"}}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"body":{"a":"<","b":1},"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=38f6fe196fc9033ed8fa430f28ffc0fe40816e028286f40bfb4a81e84623fe04","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"b2faddbe774b6285f20a215cdb7f7133cd542f63c86a7eba4d5af835d7fb5286","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d", "raw_body": "raw", "body": 1}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"body":1,"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=98c2bdb41966cf85b2d755bc1559f89ebf9942b75202fe12090a384953870ad7","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"d7439bee24773bcbfa2d0a97947ee36227b10d1022b1a55847e928965bb6bfde","x-amz-date":"20150830T123600Z"},"method":"get","raw_body":"raw","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1", "aws_session_token": "tok"}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature=4717be93c616e8b8139617f4d95d7ea0d9d86f77293a45aac332e0b0c2c6fe79","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","x-amz-date":"20150830T123600Z","x-amz-security-token":"tok"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1", "disable_payload_signing": true}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=f4f8b744bfc0e262848c99bfa04b444af8d002f38a5ef008252ed360687ecc14","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"UNSIGNED-PAYLOAD","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "ec2", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/ec2/aws4_request,SignedHeaders=host;x-amz-date,Signature=1fe0a02fe8af587c0b6f10ed4e2aa45ec4219da6c417837fe768aa9e2df6a53d","host":"examplebucket.s3.amazonaws.com","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://h/%2f/\\u00e9"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=fd2d63df0de4ec04e29fc9aec78c6595cd25cc1fc44143a3d094502ff6d01ae8","host":"h","x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","x-amz-date":"20150830T123600Z"},"method":"get","url":"https://h/%2f/é"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, -1)',
    '{"headers":{"Authorization":"AWS4-HMAC-SHA256 Credential=AKID/19691231/us-east-1/s3/aws4_request,SignedHeaders=host;x-amz-content-sha256;x-amz-date,Signature=a7fcf88bbc722587a4637bf4df561feb7af26938db8629c06fe247440ea359a9","host":"examplebucket.s3.amazonaws.com","x-amz-content-sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","x-amz-date":"19691231T235959Z"},"method":"get","url":"https://examplebucket.s3.amazonaws.com/a b?c=d"}',
  );
});

test("providers.aws.sign_req names what is missing or wrong", () => {
  check(
    'providers.aws.sign_req({}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    'eval_type_error: operand 1 missing required request parameters(s): {"method", "url"}',
  );
  check(
    'providers.aws.sign_req({"method": "get"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    'eval_type_error: operand 1 missing required request parameters(s): {"url"}',
  );
  check(
    'providers.aws.sign_req({"method": 1, "url": 2}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    'eval_type_error: operand 1 invalid values for required request parameters(s): {"method", "url"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d", "x": 1}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    'eval_type_error: operand 1 invalid request parameters(s): {"x"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {}, 1440938160000000000)',
    'eval_type_error: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": 2, "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": 1}, 1440938160000000000)',
    'eval_type_error: operand 2 invalid values for required AWS config parameters(s): {"aws_region", "aws_service"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_region": "x"}, 1440938160000000000)',
    'eval_type_error: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_secret_access_key", "aws_service"}',
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1.5)',
    "eval_type_error: operand 3 could not convert time_ns value into a unix timestamp",
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, "x")',
    "eval_type_error: operand 1 must be number but got string",
  );
  check(
    'providers.aws.sign_req("x", {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    "eval_type_error: operand 1 must be object but got string",
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, "x", 1440938160000000000)',
    "eval_type_error: operand 1 must be object but got string",
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d", "headers": 1}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    "eval_type_error: operand 0 must be object but got number",
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "https://examplebucket.s3.amazonaws.com/a b?c=d"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1", "disable_payload_signing": 1}, 1440938160000000000)',
    "eval_type_error: operand 2 invalid value for 'disable_payload_signing' in AWS config",
  );
  check(
    'providers.aws.sign_req({"method": "get", "url": "http://[::1"}, {"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, 1440938160000000000)',
    "eval_builtin_error: parse \"http://[::1\": missing ']' in host",
  );
  check(
    "providers.aws.sign_req({}, {}, 1.5)",
    'eval_type_error: operand 2 missing required AWS config parameters(s): {"aws_access_key", "aws_region", "aws_secret_access_key", "aws_service"}',
  );
});
