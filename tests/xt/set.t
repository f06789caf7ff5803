: filter OUTPUT,INPUT,FORWARD
host ipset -exist create h4 hash:ip counters && ipset flush h4 && ipset add h4 192.0.2.1 packets 3 bytes 300 && ipset add h4 192.0.2.2 ; ; OK
host ipset -exist create hc hash:ip counters && ipset flush hc && ipset add hc 192.0.2.1 packets 3 bytes 300 ; ; OK
host ipset -exist create h6 hash:ip family inet6 && ipset -exist add h6 2001:db8::1 ; ; OK
host ipset -exist create hp hash:ip,port && ipset -exist add hp 192.0.2.1,tcp:80 && ipset -exist add hp 192.0.2.1,icmp:8/0 && ipset -exist add hp 192.0.2.1,47:0 && ipset -exist add hp 192.0.2.1,sctp:80 ; ; OK
host ipset -exist create n4 hash:net && ipset -exist add n4 192.0.2.0/24 && ipset -exist add n4 192.0.2.128/25 nomatch && ipset -exist add n4 192.0.2.130 ; ; OK
host ipset -exist create ni hash:net,iface && ipset -exist add ni 192.0.2.0/24,hl1 && ipset -exist add ni 192.0.2.128/25,lo && ipset -exist add ni 198.51.100.0/24,hl wildcard ; ; OK
host ipset -exist create bp bitmap:port range 80-90 && ipset -exist add bp 80 ; ; OK
host ipset -exist create bm bitmap:ip,mac range 192.0.2.0/24 && ipset flush bm && ipset add bm 192.0.2.1,00:11:22:33:44:55 && ipset add bm 192.0.2.3 ; ; OK
host ipset -exist create ls list:set && ipset -exist add ls n4 && ipset -exist add ls bp ; ; OK
-m set --match-set h4 src ; = ; OK
    udp src=192.0.2.1                     ; yes
    udp src=192.0.2.3                     ; no
    udp path=input src=192.0.2.2          ; yes
    path=forward src=192.0.2.2 proto=99   ; yes
-m set ! --match-set h4 dst ; = ; OK
    udp dst=192.0.2.1                     ; no
    udp dst=192.0.2.3                     ; yes
-m set --match-set h4 src,dst ; = ; OK          # more options than the set needs
    udp src=192.0.2.1                     ; yes
-m set --match-set hp src ; = ; OK              # fewer: never true, and always inverted
    tcp src=192.0.2.1 sport=80            ; no
-m set ! --match-set hp src ; = ; OK
    tcp src=192.0.2.1 sport=80            ; yes
-m set --match-set hp src,dst ; = ; OK
    tcp src=192.0.2.1 dport=80            ; yes
    tcp src=192.0.2.1 dport=81            ; no
    udp src=192.0.2.1 dport=80            ; no
    sctp src=192.0.2.1 dport=80           ; yes
    icmp src=192.0.2.1 type=8 code=0      ; yes
    icmp src=192.0.2.1 type=8 code=1      ; no
    proto=47 src=192.0.2.1                ; yes
    proto=48 src=192.0.2.1                ; no
    tcp src=192.0.2.1 dport=80 len=39     ; no      # the header is cut off
    tcp src=192.0.2.1 dport=80 path=forward frag=5 ; no
    proto=47 src=192.0.2.1 path=forward frag=5 ; yes    # no ports, so a later fragment is as good
    tcp src=192.0.2.1 dport=80 path=forward mf ; yes
-m set --match-set n4 src ; = ; OK
    udp src=192.0.2.5                     ; yes
    udp src=192.0.2.129                   ; no      # by the longer net
    udp src=192.0.2.130                   ; yes
    udp src=192.0.3.1                     ; no
-m set --match-set n4 src --return-nomatch ; = ; OK
    udp src=192.0.2.5                     ; no
    udp src=192.0.2.129                   ; yes
    udp src=192.0.2.130                   ; no
-m set ! --match-set n4 src --return-nomatch ; = ; OK
    udp src=192.0.2.5                     ; yes
    udp src=192.0.2.129                   ; no
-m set --match-set ni src,dst ; = ; OK
    udp src=192.0.2.5 path=forward        ; yes
    udp src=192.0.2.129 path=forward      ; no      # the longer net decides, though it names another device
    udp src=198.51.100.1 path=forward     ; yes
    udp src=198.51.100.1 path=input       ; no      # no out device
-m set --match-set ni src,src ; = ; OK
    udp src=198.51.100.1 path=input       ; yes
    udp src=192.0.2.5 path=forward        ; no      # came by the other device
-m set --match-set bp dst ; = ; OK
    tcp dport=80                          ; yes
    udp dport=80                          ; yes
    sctp dport=80                         ; no      # only TCP and UDP
    tcp dport=81                          ; no
    tcp dport=8080                        ; no      # outside the range
-m set --match-set bm src,src ; = ; OK
    udp src=192.0.2.1 path=forward ether=001122334455 ; yes
    udp src=192.0.2.1 path=forward ether=001122334456 ; no
    udp src=192.0.2.1 path=forward        ; no      # no frame
    udp src=192.0.2.3 path=forward        ; no
    udp src=192.0.2.3 path=forward ether=001122334457 ; yes     # the element takes this address
    udp src=192.0.2.3 path=forward ether=001122334458 ; no
    udp src=192.0.2.3 path=forward ether=001122334457 ; yes
-m set --match-set ls src ; = ; OK
    udp src=192.0.2.5 sport=9             ; yes
    udp src=192.0.3.5 sport=80            ; yes
    udp src=192.0.3.5 sport=9             ; no
-m set --match-set hc src --packets-eq 4 --bytes-gt 300 ; = ; OK       # the packet counts first
    udp src=192.0.2.1                     ; yes
    udp src=192.0.2.1                     ; no
-m set --match-set hc src ! --packets-eq 7 ; = ; OK
    udp src=192.0.2.1                     ; yes
-m set --match-set hc src --packets-lt 100 ! --bytes-eq 5 ; = ; OK
    udp src=192.0.2.1                     ; yes
-m set --match-set hc src ! --update-counters ! --update-subcounters --packets-lt 9 ; = ; OK
    udp src=192.0.2.1                     ; yes
    udp src=192.0.2.1                     ; yes
6 -m set --match-set h6 src ; = ; OK
    udp src=2001:db8::1                   ; yes
    udp src=2001:db8::2                   ; no
6 -m set --match-set h4 src               ;  ; FAIL not applicable
6 -m set --match-set bp dst ; = ; OK            # ports of any family
    udp dport=80                          ; yes
    udp dport=80 hop=8                    ; yes
    frag=8 udp dport=80 path=forward      ; no
-m set --match-set nosuch src             ;  ; FAIL doesn't exist
-m set --match-set h4 src,dst,src,dst,src,dst,src ;  ; FAIL Can't be more
-m set                                    ;  ; FAIL must specify
bytes 00 00                               ;  ; FAIL 2 bytes of data, expected
