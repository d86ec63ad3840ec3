-- For wrk: asks at random for the paths in the file that the first argument names, with the second as Accept, and at the
-- end prints one line of JSON: requests, errors, seconds, and the milliseconds within which half and 99 % were answered.
local paths = {}

function init(args)
  for path in io.lines(args[1]) do paths[#paths + 1] = path end
  wrk.headers["Accept"] = args[2]
  math.randomseed(1)
end

function request()
  return wrk.format("GET", paths[math.random(#paths)])
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "failed": %d, "seconds": %f, "median": %f, "p99": %f}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
