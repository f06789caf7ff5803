: filter INPUT,FORWARD,OUTPUT
-m addrtype --src-type LOCAL                 ; = ; OK
    udp src=10.0.0.254 path=output           ; yes
    udp src=10.20.0.1 path=output            ; yes
    udp src=10.0.0.1 path=output             ; no
    udp src=10.22.0.9 path=output            ; yes         # a whole network is local
    udp src=127.0.0.5 path=output            ; yes
    udp src=10.0.0.254 path=forward          ; unreached   # nobody else may send from it
    udp src=10.0.0.1 path=input              ; no
-m addrtype --dst-type LOCAL                 ; = ; OK
    udp path=input                           ; yes
    udp frag=9 path=forward                  ; no          # fragments are looked at
    udp path=forward                         ; no
-m addrtype --src-type BROADCAST             ; = ; OK
    udp src=10.0.0.255                       ; yes
    udp src=10.20.0.255                      ; yes
    udp src=10.20.0.254                      ; no
    udp src=255.255.255.255                  ; yes
    udp src=0.1.2.3                          ; no          # only 0.0.0.0 counts
-m addrtype --src-type ANYCAST               ; = ; OK
    udp src=10.21.0.1                        ; yes
    udp src=10.21.0.2                        ; no
-m addrtype --src-type MULTICAST             ; = ; OK
    udp src=224.0.0.1                        ; yes
    udp src=239.255.255.255                  ; yes
    udp src=240.0.0.1                        ; no
    udp src=10.23.0.1                        ; yes         # by a route of table main: nobody made policy rules
-m addrtype --src-type BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE,UNSPEC ; -m addrtype --src-type UNSPEC,BLACKHOLE,UNREACHABLE,PROHIBIT,THROW,NAT,XRESOLVE ; OK
    udp src=10.24.0.1                        ; no
    udp src=0.0.0.1                          ; no
-m addrtype ! --src-type UNICAST ! --dst-type MULTICAST ; = ; OK
    udp src=10.24.0.1                        ; no
    udp src=10.0.0.254                       ; yes
revision 0 04 00 00 00 01 00 00 00 00 00 00 00 ; -m addrtype ! --src-type LOCAL ; OK
    udp src=10.0.0.254                       ; no
    udp src=10.0.0.1                         ; yes
-m addrtype --src-type LOCAL --limit-iface-in ;  ; FAIL Invalid argument
6 -m addrtype --src-type LOCAL               ; = ; OK
    udp src=2001:db8::fe                     ; yes
    udp src=2001:db8:20::1                   ; yes
    udp src=2001:db8:20::2                   ; no
    udp src=::1                              ; yes
6 -m addrtype --src-type ANYCAST             ; = ; OK
    udp src=2001:db8:20::                    ; yes
    udp src=2001:db8:25::                    ; yes         # the first address of a network on the link
    udp src=2001:db8:25::1                   ; no
    udp src=2001:db8:20::1                   ; no
6 -m addrtype --src-type UNREACHABLE         ; = ; OK
    udp src=2001:db8:24::1                   ; yes
    udp src=2001:db8:25::1                   ; no
6 -m addrtype --src-type UNICAST,LOCAL       ; = ; OK          # both must hold
    udp src=2001:db8::fe                     ; yes
    udp src=2001:db8::fd                     ; no
6 -m addrtype --src-type UNICAST             ; = ; OK
    udp src=2001:db8::1                      ; yes
    udp src=::ffff:10.0.0.1                  ; no
    udp src=::10.0.0.1                       ; yes
    udp src=ff02::1                          ; no
6 -m addrtype --src-type MULTICAST           ; = ; OK
    udp src=ff0e::1                          ; yes
    udp src=2001:db8::1                      ; no
6 -m addrtype --src-type UNSPEC              ; = ; OK
    udp src=2001:db8::1                      ; no
6 -m addrtype ! --dst-type MULTICAST         ; = ; OK
    udp                                      ; yes
6 -m addrtype --dst-type BROADCAST           ;  ; FAIL Invalid argument
6 -m addrtype --dst-type PROHIBIT            ;  ; FAIL Invalid argument
-m addrtype                                  ;   ; FAIL you must specify
bytes 00                                     ;   ; FAIL 1 bytes of data
