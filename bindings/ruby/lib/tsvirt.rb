# frozen_string_literal: true

# libvirt's API in pure Ruby: what is written by hand, and `tsvirt/api`, which the generator makes from api.xml.
require_relative "tsvirt/xdr"
require_relative "tsvirt/connection"
require_relative "tsvirt/api"
